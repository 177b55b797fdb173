using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Distillation;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Pretraining;
using LoRA.MLNet.Tokenization;
using LoRA.MLNet.Torch;

namespace LoRA.MLNet;

/// <summary>
/// Makes a small encoder from a large one and unlabelled texts (knowledge distillation, Hinton et al. 2015, arXiv 1503.02531): a BERT of few
/// layers, with a vocabulary of its own if wanted, that starts from layers and embeddings of its teacher and learns to give words and
/// sentences the teacher's vectors.
/// </summary>
/// <remarks>
/// <para>
/// The loss is the cosine distance and a tenth of the relative squared error between word vectors (means over a word's tokens; words are
/// matched by their places in the text, so the two vocabularies may differ) of the last layers, the same between the student's second-last
/// and an inner layer of the teacher, and the cosine distance of sentence vectors (means over all positions) with their norms.
/// </para>
/// <para>
/// A checkpoint lies in the folder while the run is not finished; the same call continues it.
/// </para>
/// </remarks>
public static class EncoderDistillation
{
    /// <summary>Trains a student and writes it as a Hugging Face folder.</summary>
    /// <param name="teacher">
    /// The encoder to learn from. Its layers are copied where they are BERT's (BERT, ELECTRA, RoBERTa and its kin, DistilBERT, MPNet); a
    /// student of another family starts from the word embedding alone.
    /// </param>
    /// <param name="texts">Texts, for example <see cref="TextCorpus.FromFiles"/>; gone through once, and kept in memory.</param>
    /// <param name="folder">
    /// Where the student goes: config.json, model.safetensors, tokenizer.json, 1_Pooling/config.json and modules.json, which
    /// <see cref="PretrainedEncoder.FromFolder"/> reads, and in Python transformers and sentence-transformers.
    /// </param>
    /// <param name="options">What is made; null for the defaults: three layers, 12,000 pieces, one pass over the texts.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellationToken">Stops after the running step; the checkpoint is written.</param>
    /// <returns>What happened, with the student; its held-out figure is the mean cosine of the student's and the teacher's sentence vectors.</returns>
    /// <exception cref="ArgumentException">Options are wrong or do not fit the teacher, or there are no texts.</exception>
    /// <exception cref="InvalidOperationException">The folder holds a model already, or the checkpoint of another run.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is no longer finite.</exception>
    public static PretrainingReport Run(
        PretrainedEncoder teacher,
        IEnumerable<string> texts,
        string folder,
        EncoderDistillationOptions? options = null,
        IProgress<PretrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new EncoderDistillationOptions();
        options.Validate(teacher);
        var checkpoint = ModelFolder.Checkpoint(folder);
        TorchRuntime.EnsureLoaded();
        var segments = new SegmentStore(texts, options.Training.Seed, cancellationToken);
        var student = options.Start is { } start
            ? Student.Of(start, options.InnerTeacherLayer ?? teacher.Layers / 2)
            : StudentBuilder.Build(options, teacher, Vocabulary(options, teacher.Tokenizer, segments, cancellationToken));
        var precision = PrecisionChoice.Of(options.Training.Precision, TorchSharp.torch.CPU);
        using var task = new DistillationTask(options, teacher, student, precision.Type);
        var report = PretrainingLoop<AlignedRow>.Run(
            options.Training, task, segments, checkpoint, precision, progress, cancellationToken);
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { ["tokenizer.json"] = student.Tokenizer.ToJson() };
        EncoderFolder.Save(folder, student.Encoder, task.ExportStudent(), files, Pooling.Mean, options.Storage);
        File.Delete(checkpoint);
        return report with { Encoder = PretrainedEncoder.FromFolder(folder) };
    }

    private static HuggingFaceTokenizer Vocabulary(
        EncoderDistillationOptions options, HuggingFaceTokenizer teacher, SegmentStore segments, CancellationToken cancellation) =>
        options.Tokenizer ?? (options.VocabularySize is { } size
            ? WordPieceTrainer.Train(segments.All, new() { VocabularySize = size, Lowercase = options.Lowercase }, cancellation)
            : teacher);
}
