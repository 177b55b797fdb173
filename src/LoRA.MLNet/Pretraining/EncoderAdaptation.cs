using LoRA.MLNet.Adapters;
using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Pretraining;
using LoRA.MLNet.Torch;

namespace LoRA.MLNet;

/// <summary>
/// Accustoms an encoder to texts of a field before it is fine-tuned on few labelled ones (Gururangan et al. 2020, arXiv 2004.10964): it finds
/// masked words of the texts again, through LoRA adapters that are merged into its weights at the end.
/// </summary>
public static class EncoderAdaptation
{
    /// <summary>Trains on texts and writes the encoder with the merged weights as a Hugging Face folder.</summary>
    /// <param name="encoder">The encoder to begin with; it does not change. Its tokenizer must have a mask token.</param>
    /// <param name="texts">Texts without labels, for example <see cref="TextCorpus.FromColumn"/>; gone through once, and kept in memory.</param>
    /// <param name="folder">
    /// Where the encoder goes. A checkpoint lies there while the run is not finished; the same call continues it.
    /// </param>
    /// <param name="options">How it learns; null for the defaults.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellationToken">Stops after the running step; the checkpoint is written.</param>
    /// <returns>What happened, with the encoder; its held-out figure is the share of masked tokens that are found.</returns>
    /// <exception cref="ArgumentException">Options are wrong, there are no texts, or the tokenizer has no mask token.</exception>
    /// <exception cref="InvalidOperationException">The folder holds a model already, or the checkpoint of another run.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is no longer finite.</exception>
    public static PretrainingReport AdaptTo(
        this PretrainedEncoder encoder,
        IEnumerable<string> texts,
        string folder,
        EncoderAdaptationOptions? options = null,
        IProgress<PretrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new EncoderAdaptationOptions();
        options.Validate();
        var checkpoint = ModelFolder.Checkpoint(folder);
        var mask = TokenMasking.MaskToken(encoder);
        TorchRuntime.EnsureLoaded();
        var segments = new SegmentStore(texts, options.Training.Seed, cancellationToken);
        var precision = PrecisionChoice.Of(options.Training.Precision, TorchSharp.torch.CPU);
        var masking = new TokenMasking(encoder, mask, options.MaskedShare, options.Training.MaxLength);
        var adaptation = options.Lora.Prepare(BodyOf(encoder), encoder.Weights, options.Training.Seed);
        using var task = new MaskedLanguageTask(encoder, options, adaptation, masking, segments, precision.Type);
        var report = PretrainingLoop<int[]>.Run(options.Training, task, segments, checkpoint, precision, progress, cancellationToken);
        var merged = adaptation.Merge(WithoutLabels(encoder), task.ExportAdapter());
        var type = encoder.Weights[WordEmbedding.KeyOf(encoder.Encoder)].Type;
        var storage = type is ElementType.Float16 or ElementType.Int8 ? WeightStorage.Float16 : WeightStorage.Float32;
        EncoderFolder.Save(folder, encoder.Encoder, merged, encoder.TokenizerFiles, encoder.Pooling, storage);
        File.Delete(checkpoint);
        return report with { Encoder = PretrainedEncoder.FromFolder(folder) };
    }

    // nothing is classified, so there is no head that would have to train
    private static ModuleInventory BodyOf(PretrainedEncoder encoder)
    {
        var inventory = ModuleInventory.Of(encoder.Encoder, 1, Pooling.Mean);
        return inventory with
        {
            Modules = [.. inventory.Modules.Where(module => !inventory.HeadModules.Contains(module.Path))],
            Weights = inventory.Weights.Where(weight => !inventory.IsHead(weight.Key)).ToDictionary(StringComparer.Ordinal),
            HeadModules = new HashSet<string>(),
        };
    }

    private static Dictionary<string, WeightTensor> WithoutLabels(PretrainedEncoder encoder) => encoder.Weights
        .Where(weight => weight.Key.StartsWith(encoder.Encoder.Prefix + ".", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
}
