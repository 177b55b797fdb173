using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Torch;

/// <summary>
/// How the rows of a batch follow each other without padding, [1, t, ...]. Rows come in descending order of length, so that rows of like length
/// are neighbours. The tensors belong to the dispose scope it is made in.
/// </summary>
internal sealed class RowPacking
{
    /// <param name="lengths">Tokens of each row, at least one, in descending order.</param>
    /// <param name="device">Where the tensors go.</param>
    /// <param name="rows">What tells the rows from others, by identity; null where that is of no use.</param>
    public RowPacking(IReadOnlyList<int> lengths, Device device, IReadOnlyList<object>? rows = null)
    {
        (Lengths, Rows) = (lengths, rows ?? []);
        All = new RowGroup(lengths, device);
        var starts = new long[lengths.Count];
        for (var row = 1; row < starts.Length; row++)
        {
            starts[row] = starts[row - 1] + lengths[row - 1];
        }

        Starts = torch.tensor(starts, device: device);
        var groups = LengthGroups.Of(lengths);
        Groups = groups.Count == 1 ? [All] : [.. Cut(lengths, groups).Select(part => new RowGroup(part, device))];
    }

    /// <summary>Tokens of each row.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>The rows, by identity.</summary>
    public IReadOnlyList<object> Rows { get; }

    /// <summary>All rows.</summary>
    public RowGroup All { get; }

    /// <summary>The same rows in groups of like length.</summary>
    public IReadOnlyList<RowGroup> Groups { get; }

    /// <summary>Where each row starts, [b].</summary>
    public Tensor Starts { get; }

    private static IEnumerable<int[]> Cut(IReadOnlyList<int> lengths, IReadOnlyList<int> groups)
    {
        var start = 0;
        foreach (var rows in groups)
        {
            yield return [.. lengths.Skip(start).Take(rows)];
            start += rows;
        }
    }
}
