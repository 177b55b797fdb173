using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace LoRA.MLNet.Checkpoints;

/// <summary>
/// Matrices in 8 bits as a file holds them: the matrix X as I8 [rows, columns], and beside it its scales X_scale, F32 [rows, 1]; a number is
/// integer x scale of its row. The names and shapes are those of the compressed-tensors library; other weights are stored as they are.
/// </summary>
internal static class Int8Storage
{
    private const string Suffix = "_scale";

    /// <summary>Gives every 8-bit matrix that has scales its scales; all other tensors stay as they are.</summary>
    /// <param name="stored">The tensors of a file.</param>
    /// <param name="source">What to call the file in errors.</param>
    /// <exception cref="CheckpointFormatException">Scales are of another shape than their matrix asks for, not positive and finite, or of no 8-bit matrix.</exception>
    public static Dictionary<string, WeightTensor> Join(Dictionary<string, WeightTensor> stored, string source)
    {
        foreach (var name in stored.Keys.Where(name => name.EndsWith(Suffix, StringComparison.Ordinal)).ToList())
        {
            if (stored.TryGetValue(name[..^Suffix.Length], out var matrix) && stored.Remove(name, out var scales))
            {
                Check(matrix, name, scales, source);
                stored[name[..^Suffix.Length]] = matrix.WithRowScales(Read(scales, name, source));
            }
        }

        return stored;
    }

    /// <summary>The tensors that a file of these weights holds.</summary>
    public static IEnumerable<KeyValuePair<string, WeightTensor>> Split(IEnumerable<KeyValuePair<string, WeightTensor>> weights)
    {
        foreach (var (name, weight) in weights)
        {
            yield return new(name, weight);
            if (!weight.RowScales.IsEmpty)
            {
                yield return new(name + Suffix, WeightTensor.FromFloats(weight.RowScales.AsSpan(), weight.RowScales.Length, 1));
            }
        }
    }

    /// <summary>A matrix in 8 bits; what is no matrix, or in 8 bits already, as it is.</summary>
    /// <exception cref="ArgumentException">The matrix holds numbers that are not finite.</exception>
    public static WeightTensor Quantize(string name, WeightTensor weight)
    {
        if (weight.Shape.Length != 2 || !weight.RowScales.IsEmpty)
        {
            return weight;
        }

        var (numbers, columns) = (weight.ToFloats(), weight.Shape[1]);
        var integers = new sbyte[numbers.Length];
        var scales = new float[weight.Shape[0]];
        for (var row = 0; row < scales.Length; row++)
        {
            var one = numbers.AsSpan(row * columns, columns);
            scales[row] = Int8Rows.Scale(one);
            if (!float.IsFinite(scales[row]))
            {
                throw new ArgumentException($"Row {row} of '{name}' holds numbers that are not finite and cannot be stored in 8 bits.", nameof(weight));
            }

            Int8Rows.Quantize(one, scales[row], integers.AsSpan(row * columns, columns));
        }

        return new WeightTensor(ElementType.Int8, weight.Shape, MemoryMarshal.AsBytes(integers.AsSpan()).ToArray())
            .WithRowScales(ImmutableCollectionsMarshal.AsImmutableArray(scales));
    }

    private static void Check(WeightTensor matrix, string name, WeightTensor scales, string source)
    {
        if (matrix.Type != ElementType.Int8 || matrix.Shape.Length != 2)
        {
            throw new CheckpointFormatException(
                $"{source}: '{name}' holds scales, but '{name[..^Suffix.Length]}' is {matrix.Type} [{string.Join(", ", matrix.Shape)}], "
                + "expected a matrix of Int8. Store the encoder again.");
        }

        if (!scales.IsFloating || scales.Shape is not [var rows, 1] || rows != matrix.Shape[0])
        {
            throw new CheckpointFormatException(
                $"{source}: '{name}' is {scales.Type} [{string.Join(", ", scales.Shape)}], expected Float32 [{matrix.Shape[0]}, 1]: "
                + "one scale for every row. Store the encoder again.");
        }
    }

    private static ImmutableArray<float> Read(WeightTensor scales, string name, string source)
    {
        var values = scales.ToFloats();
        var wrong = Array.FindIndex(values, scale => !(scale > 0 && float.IsFinite(scale)));
        return wrong < 0 ? ImmutableCollectionsMarshal.AsImmutableArray(values) : throw new CheckpointFormatException(
            $"{source}: '{name}' holds {values[wrong]} in row {wrong}; expected a scale above 0 and finite. Store the encoder again.");
    }
}
