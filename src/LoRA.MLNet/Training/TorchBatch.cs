using LoRA.MLNet.Encoders;
using LoRA.MLNet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Training;

/// <summary>Rows as tensors, padded on the right to the longest of them, or packed. The tensors belong to the caller's dispose scope.</summary>
/// <param name="Inputs">What the encoder reads, [b, n]; of packed rows ids and types are [1, t].</param>
/// <param name="Targets">Classes as 64-bit integers, or numbers, [b].</param>
/// <param name="Packing">How rows are packed; null where they are padded.</param>
internal sealed record TorchBatch(EncoderInputs<Tensor> Inputs, Tensor Targets, RowPacking? Packing = null)
{
    // oneDNN prepares its products anew for every number of tokens that it did not meet lately, a tenth of a small encoder's time
    private const int Multiple = 16;

    public static TorchBatch Of(IReadOnlyList<TrainingRow> rows, Encoder encoder, TrainingTask task, Device device)
    {
        var length = rows.Max(row => row.Length);
        var (ids, mask, types) = (new long[rows.Count * length], new long[rows.Count * length], new long[rows.Count * length]);
        Array.Fill(ids, encoder.PadTokenId);
        for (var i = 0; i < rows.Count; i++)
        {
            var start = i * length;
            Widen(rows[i].Tokens.Ids, ids.AsSpan(start));
            Widen(rows[i].Tokens.TypeIds, types.AsSpan(start));
            mask.AsSpan(start, rows[i].Length).Fill(1);
        }

        Tensor Matrix(long[] values) => torch.tensor(values, [rows.Count, length], device: device);
        return new TorchBatch(
            new EncoderInputs<Tensor>(Matrix(ids), Matrix(mask), Matrix(types)), TargetsOf(rows, task).to(device));
    }

    /// <summary>
    /// Rows one after another, the longest first. A row without tokens takes one place, which is masked; so are those that round the number of tokens.
    /// </summary>
    public static TorchBatch Packed(IReadOnlyList<TrainingRow> rows, Encoder encoder, TrainingTask task, Device device, bool rounds = true)
    {
        rows = [.. rows.OrderByDescending(row => row.Length)];
        int[] lengths = [.. rows.Select(row => Math.Max(row.Length, 1))];
        if (rounds)
        {
            FillUp(lengths, encoder.MaxPositions);
        }

        var packing = new RowPacking(lengths, device, rows);
        var (ids, types, mask) = (new long[lengths.Sum()], new long[lengths.Sum()], new long[rows.Count * lengths[0]]);
        var start = 0;
        Array.Fill(ids, encoder.PadTokenId);
        for (var i = 0; i < rows.Count; i++)
        {
            Widen(rows[i].Tokens.Ids, ids.AsSpan(start));
            Widen(rows[i].Tokens.TypeIds, types.AsSpan(start));
            mask.AsSpan(i * lengths[0], rows[i].Length).Fill(1);
            start += lengths[i];
        }

        Tensor Tokens(long[] values) => torch.tensor(values, [1, values.Length], device: device);
        var padded = torch.tensor(mask, [rows.Count, lengths[0]], device: device);
        return new TorchBatch(new EncoderInputs<Tensor>(Tokens(ids), padded, Tokens(types)), TargetsOf(rows, task).to(device), packing);
    }

    // Places go to rows shorter than the one before, where attention pads anyway, before the longest row grows.
    private static void FillUp(int[] lengths, int longest)
    {
        var missing = (Multiple - (lengths.Sum() % Multiple)) % Multiple;
        for (var i = 1; i < lengths.Length; i++)
        {
            var added = Math.Min(missing, lengths[i - 1] - lengths[i]);
            (lengths[i], missing) = (lengths[i] + added, missing - added);
        }

        lengths[0] = Math.Min(lengths[0] + missing, longest);
    }

    private static void Widen(int[] values, Span<long> destination)
    {
        for (var i = 0; i < values.Length; i++)
        {
            destination[i] = values[i];
        }
    }

    private static Tensor TargetsOf(IReadOnlyList<TrainingRow> rows, TrainingTask task) => task == TrainingTask.Classification
        ? torch.tensor(rows.Select(row => (long)row.Target).ToArray())
        : torch.tensor(rows.Select(row => row.Target).ToArray());
}
