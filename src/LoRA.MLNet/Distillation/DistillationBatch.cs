using LoRA.MLNet.Encoders;
using LoRA.MLNet.Tokenization;
using LoRA.MLNet.Training;
using static TorchSharp.torch;

namespace LoRA.MLNet.Distillation;

/// <summary>Rows as one of the two encoders reads them.</summary>
/// <param name="Inputs">What the encoder reads.</param>
/// <param name="Words">The words in its positions.</param>
internal sealed record DistillationBatch(EncoderInputs<Tensor> Inputs, WordMeans Words)
{
    public static DistillationBatch OfStudent(IReadOnlyList<AlignedRow> rows, Encoder encoder, Device device) =>
        Of(rows, row => row.Student, word => (word.StudentStart, word.StudentEnd), encoder, device);

    public static DistillationBatch OfTeacher(IReadOnlyList<AlignedRow> rows, Encoder encoder, Device device) =>
        Of(rows, row => row.Teacher, word => (word.TeacherStart, word.TeacherEnd), encoder, device);

    private static DistillationBatch Of(
        IReadOnlyList<AlignedRow> rows,
        Func<AlignedRow, TokenIds> tokens,
        Func<AlignedWord, (int Start, int End)> place,
        Encoder encoder,
        Device device)
    {
        var batch = TorchBatch.Of(
            [.. rows.Select(row => new TrainingRow(tokens(row), 0))], encoder, TrainingTask.Regression, device);
        var words = new WordMeans([.. rows.Select(row => row.Words.Select(place).ToArray())], (int)batch.Inputs.InputIds.shape[1], device);
        return new DistillationBatch(batch.Inputs, words);
    }
}
