using System.Globalization;
using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Operations;
using LoRA.MLNet.Pretraining;
using LoRA.MLNet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Distillation;

/// <summary>
/// A student learns to give words and sentences the vectors that its teacher gives them. Where the student is narrower, its vectors are
/// compared through a linear layer that trains along and is left behind.
/// </summary>
internal sealed class DistillationTask : IPretrainingTask<AlignedRow>
{
    private const string LastProjection = "distillation.last";
    private const string InnerProjection = "distillation.inner";

    private readonly EncoderDistillationOptions _options;
    private readonly PretrainedEncoder _teacher;
    private readonly Student _student;
    private readonly RowAligner _rows;
    private readonly Dictionary<string, WeightTensor> _frozen;
    private readonly TorchWeights _teacherWeights;
    private readonly Device _device = torch.CPU;

    public DistillationTask(EncoderDistillationOptions options, PretrainedEncoder teacher, Student student, ScalarType precision)
    {
        (_options, _teacher, _student) = (options, teacher, student);
        var length = Math.Min(options.Training.MaxLength, student.Encoder.MaxPositions);
        _rows = new RowAligner(
            student.Tokenizer, teacher.Tokenizer, length, Math.Min(options.Training.MaxLength, teacher.MaxLength), options.PairShare);
        var none = new Dictionary<string, WeightTensor>();
        _teacherWeights = new TorchWeights(teacher.Weights, none, precision, _device);
        var trainable = WithProjections(student, teacher.HiddenSize);
        var words = WordEmbedding.KeyOf(student.Encoder);
        _frozen = options.FreezeWordEmbeddings && trainable.Remove(words, out var frozen) ? new() { [words] = frozen } : none;
        Weights = new TorchWeights(_frozen, trainable, precision, _device);
    }

    public TorchWeights Weights { get; }

    public string Fingerprint => string.Create(
        CultureInfo.InvariantCulture,
        $"distillation teacher {_teacher.Sha256} layer {_student.InnerTeacherLayer} student {_student.Sha256} length {_options.Training.MaxLength} pairs {_options.PairShare} "
        + $"frozen {string.Join(' ', _frozen.Keys)} weights {_options.ErrorWeight} {_options.InnerLayerWeight} {_options.SentenceWeight} precision {Weights.Precision}");

    private bool Projects => _student.Encoder.HiddenSize != _teacher.HiddenSize;

    /// <summary>The student's weights as they are now, without the projections.</summary>
    public IReadOnlyDictionary<string, WeightTensor> ExportStudent() => Weights.ExportTrainable().Concat(_frozen)
        .Where(entry => _student.Weights.ContainsKey(entry.Key)).ToDictionary(StringComparer.Ordinal);

    public AlignedRow? Read(string segment) => _rows.Read(segment);

    public int Length(AlignedRow row) => row.Teacher.Ids.Length;

    public Tensor Loss(IReadOnlyList<AlignedRow> rows, int step)
    {
        var (student, teacher) = (Run(rows, teacher: false), Run(rows, teacher: true));
        var loss = DistillationLoss.OfWords(student.Words, teacher.Words, _options.ErrorWeight)
            + (DistillationLoss.OfSentences(student.Sentences, teacher.Sentences, _options.ErrorWeight) * _options.SentenceWeight);
        return student.Inner is null || teacher.Inner is null || _options.InnerLayerWeight == 0
            ? loss
            : loss + (DistillationLoss.OfWords(student.Inner, teacher.Inner, _options.ErrorWeight) * _options.InnerLayerWeight);
    }

    public (double Mean, int Count) Measure(IReadOnlyList<AlignedRow> rows)
    {
        var (student, teacher) = (Run(rows, teacher: false), Run(rows, teacher: true));
        return (DistillationLoss.Cosines(student.Sentences, teacher.Sentences).mean().item<float>(), rows.Count);
    }

    public void Dispose()
    {
        _teacherWeights.Dispose();
        Weights.Dispose();
    }

    private Vectors Run(IReadOnlyList<AlignedRow> rows, bool teacher)
    {
        using var mode = torch.set_grad_enabled(torch.is_grad_enabled() && !teacher);
        var encoder = teacher ? _teacher.Encoder : _student.Encoder;
        var batch = teacher ? DistillationBatch.OfTeacher(rows, encoder, _device) : DistillationBatch.OfStudent(rows, encoder, _device);
        var operations = new RecordingOperations<Tensor>(new TorchOperations(teacher ? _teacherWeights : Weights));
        var hidden = encoder.Encode(operations, batch.Inputs);
        var layer = teacher ? _student.InnerTeacherLayer : encoder.Layers - 2;
        var inner = _student.InnerTeacherLayer is null ? null : operations.Blocks[layer!.Value + 1];
        if (Projects && !teacher)
        {
            hidden = operations.Linear(LastProjection, hidden, _teacher.HiddenSize, bias: false);
            inner = inner is null ? null : operations.Linear(InnerProjection, inner, _teacher.HiddenSize, bias: false);
        }

        return new Vectors(
            batch.Words.Of(hidden),
            operations.MeanOverTokens(hidden, batch.Inputs.AttentionMask),
            inner is null ? null : batch.Words.Of(inner));
    }

    // a student whose weights are the first columns of the teacher's begins with its vectors as the first numbers of the teacher's
    private static Dictionary<string, WeightTensor> WithProjections(Student student, int teacherWidth)
    {
        var weights = new Dictionary<string, WeightTensor>(student.Weights, StringComparer.Ordinal);
        var width = student.Encoder.HiddenSize;
        if (width != teacherWidth)
        {
            var values = new float[teacherWidth * width];
            for (var i = 0; i < Math.Min(width, teacherWidth); i++)
            {
                values[(i * width) + i] = 1;
            }

            weights[$"{LastProjection}.weight"] = WeightTensor.FromFloats(values, teacherWidth, width);
            if (student.InnerTeacherLayer is not null)
            {
                weights[$"{InnerProjection}.weight"] = WeightTensor.FromFloats(values, teacherWidth, width);
            }
        }

        return weights;
    }

    private sealed record Vectors(Tensor Words, Tensor Sentences, Tensor? Inner);
}
