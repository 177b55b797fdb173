using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace LoRA.MLNet.Checkpoints;

/// <summary>Rows of a matrix in 8 bits: round(w / s) with a scale s = max|w| / 127 of each row's own, symmetric around zero.</summary>
internal static class Int8Rows
{
    private const float Largest = 127;

    /// <summary>The scale of a row; 1 where it is all zeros.</summary>
    public static float Scale(ReadOnlySpan<float> row)
    {
        var largest = Math.Abs(TensorPrimitives.MaxMagnitude(row));
        return largest == 0 ? 1 : largest / Largest;
    }

    /// <summary>Rounds a row, whose numbers are overwritten on the way.</summary>
    public static void Quantize(Span<float> row, float scale, Span<sbyte> integers)
    {
        TensorPrimitives.Divide(row, scale, row);
        TensorPrimitives.Round<float>(row, row);
        TensorPrimitives.ConvertSaturating<float, sbyte>(row, integers);
    }

    /// <summary>The numbers that the integers of a row stand for. Compiled in full at once, as <see cref="NarrowFloats"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dequantize(ReadOnlySpan<sbyte> integers, float scale, Span<float> row)
    {
        var done = 0;
        for (; done <= integers.Length - Vector<sbyte>.Count; done += Vector<sbyte>.Count)
        {
            Vector.Widen(new Vector<sbyte>(integers[done..]), out var low, out var high);
            Store(low, scale, row[done..]);
            Store(high, scale, row[(done + Vector<short>.Count)..]);
        }

        for (; done < integers.Length; done++)
        {
            row[done] = integers[done] * scale;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<short> integers, float scale, Span<float> row)
    {
        Vector.Widen(integers, out var low, out var high);
        (Vector.ConvertToSingle(low) * scale).CopyTo(row);
        (Vector.ConvertToSingle(high) * scale).CopyTo(row[Vector<float>.Count..]);
    }
}
