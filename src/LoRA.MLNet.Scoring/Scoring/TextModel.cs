using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Tokenization;
using Microsoft.ML.Tokenizers;

namespace LoRA.MLNet.Scoring;

/// <summary>Everything a fine-tuned model consists of, outside any engine and any ML.NET pipeline.</summary>
internal sealed record TextModel
{
    public required TextTask Task { get; init; }

    public required EncoderConfig Config { get; init; }

    public required Pooling Pooling { get; init; }

    /// <summary>Merged weights, head included, by Hugging Face key. What fine-tuning left alone keeps the base's element type.</summary>
    public required IReadOnlyDictionary<string, WeightTensor> Weights { get; init; }

    /// <summary>Cuts texts into tokens; only a <see cref="HuggingFaceTokenizer"/> can be saved.</summary>
    public required Tokenizer Tokenizer { get; init; }

    /// <summary>
    /// The base's files beside tokenizer.json, by name, such as tokenizer_config.json: scoring has no use for them, but transformers does
    /// when it loads an export.
    /// </summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> TokenizerFiles { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>Longest row in tokens, special tokens included.</summary>
    public required int MaxLength { get; init; }

    /// <summary>Which text of a pair is cut when a row is too long.</summary>
    public TruncationStrategy Truncation { get; init; }

    public required BaseModelInfo Base { get; init; }

    /// <summary>Logits of one row: the classes, 2 for binary, 1 for regression.</summary>
    public required int Outputs { get; init; }

    /// <summary>The key values of the training label; null where the label column had none.</summary>
    public LabelValues? Labels { get; init; }

    public Calibration Calibration { get; init; } = Calibration.None;

    public TargetScaling Scaling { get; init; } = TargetScaling.None;

    /// <summary>The adapter that the weights were merged with; null for other methods of fine-tuning.</summary>
    public LoraAdapter? Adapter { get; init; }

    /// <summary>The arithmetic it scores in.</summary>
    public ScoringPrecision Precision { get; init; }

    /// <summary>What scoring in 8-bit integers costs; null where it was not measured.</summary>
    public QuantizationReport? Quantization { get; init; }

    /// <summary>How training went; null where it is not known.</summary>
    public TrainingReport? Report { get; init; }
}
