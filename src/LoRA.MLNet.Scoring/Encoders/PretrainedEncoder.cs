using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Tokenization;

namespace LoRA.MLNet;

/// <summary>
/// A pretrained transformer with its tokenizer: what fine-tuning starts from. Its weights are views of memory-mapped files, shared by
/// everything made from it, and never change.
/// </summary>
public sealed class PretrainedEncoder
{
    private readonly PretrainedParts _parts;
    private readonly EncoderWeights _weights;
    private readonly Lazy<string> _sha256;
    private readonly Lazy<HuggingFaceTokenizer> _tokenizer;
    private readonly Lazy<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> _files;

    internal PretrainedEncoder(PretrainedParts parts)
    {
        _parts = parts;
        Encoder = EncoderFamilies.Create(parts.Config);
        _weights = EncoderWeights.Match(Encoder, parts.Pooling, parts.Checkpoint, parts.KeepHead, parts.Source);
        Labels = LabelsOfHead();
        ParameterCount = _weights.BodyKeys.Sum(key => Weights[key].Count);
        _sha256 = new(() => WeightHash.Sha256(_weights.BodyKeys, Weights));
        _tokenizer = new(() => Require(parts.Tokenizer()));
        _files = new(parts.TokenizerFiles);
    }

    /// <summary>Name of the architecture, config.json's model_type, such as "bert".</summary>
    public string ModelType => Config.ModelType;

    /// <summary>Name to show: that of the folder.</summary>
    public string Name => _parts.Name;

    /// <summary>Features of a hidden state.</summary>
    public int HiddenSize => Encoder.HiddenSize;

    /// <summary>Number of transformer layers.</summary>
    public int Layers => Encoder.Layers;

    /// <summary>Rows of the word embedding.</summary>
    public int VocabularySize => Encoder.VocabularySize;

    /// <summary>The most tokens of a text that the encoder's positions allow, special tokens included.</summary>
    public int MaxLength => Encoder.MaxPositions;

    /// <summary>Numbers in the encoder's weights, the classification head's not counted.</summary>
    public long ParameterCount { get; }

    /// <summary>Labels of the classification head that the checkpoint has, in the order of its logits, or null where it has none.</summary>
    public IReadOnlyList<string>? Labels { get; }

    /// <summary>
    /// What identifies the encoder's weights: SHA-256, in lower-case hexadecimal digits, over every weight but the head's, in the
    /// ordinal order of its sequence-classification name: the UTF-8 line "NAME DTYPE SIZE,SIZE\n" with safetensors' name of the stored
    /// type, then the stored bytes; scales of 8-bit matrices as weights of their own, in 32 bits. The same for every file format of one checkpoint; computed when first asked for.
    /// </summary>
    public string Sha256 => _sha256.Value;

    /// <summary>Which weights were left out, and which of the head are new.</summary>
    public CheckpointReport LoadReport => _weights.Report;

    internal Encoder Encoder { get; }

    internal EncoderConfig Config => _parts.Config;

    /// <summary>How positions become one vector, as the checkpoint was made for.</summary>
    public Pooling Pooling => _parts.Pooling;

    /// <summary>The encoder's weights and as much of a head as the checkpoint has, in their stored types.</summary>
    internal IReadOnlyDictionary<string, WeightTensor> Weights => _weights.Weights;

    /// <summary>The tokenizer, read when first asked for.</summary>
    /// <exception cref="CheckpointFormatException">The tokenizer has ids beyond the word embedding.</exception>
    internal HuggingFaceTokenizer Tokenizer => _tokenizer.Value;

    /// <summary>The tokenizer's files by name, read when first asked for.</summary>
    internal IReadOnlyDictionary<string, ReadOnlyMemory<byte>> TokenizerFiles => _files.Value;

    /// <summary>
    /// Reads a Hugging Face folder: config.json; model.safetensors or pytorch_model.bin, each in one file or several with an index;
    /// the tokenizer's files; and, of sentence encoders, 1_Pooling/config.json.
    /// </summary>
    /// <param name="folder">The folder, as transformers' save_pretrained writes it or as it is downloaded.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks its configuration or its weights.</exception>
    /// <exception cref="CheckpointFormatException">
    /// A file is damaged, the architecture is not supported, or encoder weights are missing or of other shapes.
    /// </exception>
    public static PretrainedEncoder FromFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new(PretrainedParts.FromFolder(folder));
    }

    /// <summary>
    /// Writes the encoder as a Hugging Face folder, which <see cref="FromFolder"/> reads and, stored in 16 or 32 bits, transformers and
    /// sentence-transformers in Python.
    /// </summary>
    /// <param name="folder">Created where it does not exist; files of the same names are replaced.</param>
    /// <param name="storage">How weights are stored.</param>
    /// <exception cref="ArgumentException">8 bits were asked for, and a weight is not finite.</exception>
    public void Save(string folder, WeightStorage storage)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        EncoderFolder.Save(folder, Encoder, Weights, TokenizerFiles, Pooling, storage);
    }

    /// <summary>The same encoder for another pooling; a head of the checkpoint is then not used.</summary>
    public PretrainedEncoder WithPooling(Pooling pooling) =>
        pooling == Pooling ? this : new(_parts with { Pooling = pooling, KeepHead = false });

    /// <summary>The weights for so many labels: without those of a head that has another number of them.</summary>
    internal IReadOnlyDictionary<string, WeightTensor> WeightsFor(int labels)
    {
        var inventory = ModuleInventory.Of(Encoder, labels, Pooling);
        return Weights
            .Where(entry => entry.Value.Shape.SequenceEqual(inventory.Weights[entry.Key]))
            .ToDictionary(StringComparer.Ordinal);
    }

    private IReadOnlyList<string>? LabelsOfHead()
    {
        if (_weights.HeadLabels is not { } count)
        {
            return null;
        }

        var labels = Config.Labels() ?? [.. Enumerable.Range(0, count).Select(i => $"LABEL_{i}")];
        return labels.Count == count
            ? labels
            : throw Config.Bad("id2label", $"one label for each of the {count} rows of the classification head", $"{labels.Count} labels");
    }

    private HuggingFaceTokenizer Require(HuggingFaceTokenizer tokenizer) => tokenizer.VocabularySize <= VocabularySize
        ? tokenizer
        : throw new CheckpointFormatException(
            $"{_parts.Source}: the tokenizer has ids up to {tokenizer.VocabularySize - 1}, the word embedding has {VocabularySize} rows. "
            + "The tokenizer and the weights are not of one model.");
}
