using System.Numerics;
using System.Runtime.CompilerServices;

namespace LoRA.MLNet.Checkpoints;

/// <summary>16-bit floats as 32-bit ones. Compiled in full at once: the first load of a model is when nothing has been compiled yet.</summary>
internal static class NarrowFloats
{
    // from the exponent bias of a half, 15, to that of a float, 127
    private static readonly float s_rebias = MathF.ScaleB(1, 127 - 15);

    /// <summary>IEEE 754's 16 bits, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromHalf(ReadOnlySpan<ushort> halves, Span<float> floats)
    {
        var done = 0;
        for (; done <= halves.Length - Vector<ushort>.Count; done += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(halves[done..]), out var low, out var high);
            FromHalf(low).CopyTo(floats[done..]);
            FromHalf(high).CopyTo(floats[(done + Vector<float>.Count)..]);
        }

        for (; done < halves.Length; done++)
        {
            floats[done] = (float)BitConverter.UInt16BitsToHalf(halves[done]);
        }
    }

    /// <summary>The upper halves of 32-bit floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromBFloat16(ReadOnlySpan<ushort> halves, Span<float> floats)
    {
        for (var i = 0; i < halves.Length; i++)
        {
            floats[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
        }
    }

    // Exponent and fraction move to a float's place and the product corrects the bias, of subnormal numbers too; then infinity and NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> FromHalf(Vector<uint> half)
    {
        var magnitude = half & new Vector<uint>(0x7fff);
        var scaled = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude << 13) * s_rebias);
        var special = Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(0x7c00)) & new Vector<uint>(0x7f800000);
        return Vector.AsVectorSingle(scaled | special | ((half & new Vector<uint>(0x8000)) << 16));
    }
}
