using System.Runtime.InteropServices;
using LoRA.MLNet.Checkpoints;

namespace LoRA.MLNet.Onnx;

/// <summary>A weight of a linear module in 8 bits: round(w / s) with s = max|w| / 127 for every output feature, symmetric around zero.</summary>
/// <param name="weight">[out, in], or [in, out] when <paramref name="transposed"/>.</param>
/// <param name="transposed">Which of the two.</param>
internal sealed class Int8Weight(WeightTensor weight, bool transposed)
{
    public int In => weight.Shape[transposed ? 0 : 1];

    public int Out => weight.Shape[transposed ? 1 : 0];

    /// <summary>The step of every output feature.</summary>
    public float[] Scales() => Scales(Rows());

    /// <summary>Writes the integers as [in, out], the right side of a matrix product.</summary>
    public void WriteValues(Span<byte> destination)
    {
        var rows = Rows();
        var scales = Scales(rows);
        var rounded = new sbyte[rows.Length];
        for (var feature = 0; feature < Out; feature++)
        {
            Int8Rows.Quantize(rows.AsSpan(feature * In, In), scales[feature], rounded.AsSpan(feature * In, In));
        }

        MatrixTransposition.Transpose<sbyte>(rounded, MemoryMarshal.Cast<byte, sbyte>(destination), Out, In);
    }

    private float[] Scales(ReadOnlySpan<float> rows)
    {
        var scales = new float[Out];
        for (var feature = 0; feature < scales.Length; feature++)
        {
            scales[feature] = Int8Rows.Scale(rows.Slice(feature * In, In));
        }

        return scales;
    }

    // The weight as [out, in].
    private float[] Rows()
    {
        var stored = weight.ToFloats();
        if (!transposed)
        {
            return stored;
        }

        var rows = new float[stored.Length];
        MatrixTransposition.Transpose<float>(stored, rows, In, Out);
        return rows;
    }
}
