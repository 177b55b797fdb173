using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LoRA.MLNet.Checkpoints;

/// <summary>
/// A weight outside any engine: element type, shape and little-endian bytes in row-major order, often a view of a memory-mapped file.
/// It is never written to.
/// </summary>
internal sealed class WeightTensor
{
    /// <summary>Describes bytes as a weight.</summary>
    /// <exception cref="ArgumentException">The bytes do not fill the shape exactly.</exception>
    public WeightTensor(ElementType type, ImmutableArray<int> shape, ReadOnlyMemory<byte> data)
    {
        Type = type;
        Shape = shape;
        Data = data;
        var expected = Count * ElementTypes.Size(type);
        if (data.Length != expected)
        {
            throw new ArgumentException($"A {type} weight of shape [{string.Join(", ", shape)}] takes {expected} bytes, found {data.Length}.", nameof(data));
        }
    }

    /// <summary>How the numbers are stored.</summary>
    public ElementType Type { get; }

    /// <summary>Sizes of the axes, outermost first; empty for a single number.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>
    /// The stored bytes. A span of them is valid only while this weight is reachable: end work on it with <see cref="GC.KeepAlive"/>,
    /// or pin the memory.
    /// </summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>
    /// Of a matrix in 8-bit integers that stand for other numbers, the scale of every row: a number is integer x scale. Else empty.
    /// </summary>
    public ImmutableArray<float> RowScales { get; private init; } = [];

    /// <summary>Whether its numbers can be read as floats.</summary>
    public bool IsFloating =>
        Type is ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64 || !RowScales.IsEmpty;

    /// <summary>Number of elements.</summary>
    public long Count
    {
        get
        {
            long count = 1;
            foreach (var size in Shape)
            {
                count = checked(count * size);
            }

            return count;
        }
    }

    /// <summary>Makes a 32-bit weight that owns its numbers.</summary>
    public static WeightTensor FromFloats(ReadOnlySpan<float> values, params ReadOnlySpan<int> shape) =>
        new(ElementType.Float32, [.. shape], MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The same 8-bit integers, which stand for other numbers.</summary>
    /// <exception cref="ArgumentException">The weight is not a matrix of 8-bit integers with so many rows.</exception>
    public WeightTensor WithRowScales(ImmutableArray<float> scales) => Type == ElementType.Int8 && Shape is [var rows, _] && rows == scales.Length
        ? new(Type, Shape, Data) { RowScales = scales }
        : throw new ArgumentException(
            $"{scales.Length} row scales for a weight of {Type} [{string.Join(", ", Shape)}]; expected a matrix of Int8 with so many rows.", nameof(scales));

    /// <summary>For whoever has copied the numbers: where they are part of a mapped file, their physical memory is freed until read again.</summary>
    public void LeavePhysicalMemory()
    {
        if (MemoryMarshal.TryGetMemoryManager<byte, MappedMemory>(Data, out var mapped))
        {
            mapped.LeavePhysicalMemory();
        }
    }

    /// <summary>The numbers as 32-bit floats, in a new array.</summary>
    public float[] ToFloats()
    {
        var floats = new float[Count];
        CopyTo(floats);
        return floats;
    }

    /// <summary>Writes the numbers as 32-bit floats.</summary>
    /// <exception cref="NotSupportedException">The weight does not hold floating-point numbers.</exception>
    public void CopyTo(Span<float> destination)
    {
        var bytes = Data.Span;
        switch (Type)
        {
            case ElementType.Float32:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(destination);
                break;
            case ElementType.Float16:
                NarrowFloats.FromHalf(MemoryMarshal.Cast<byte, ushort>(bytes), destination);
                break;
            case ElementType.BFloat16:
                NarrowFloats.FromBFloat16(MemoryMarshal.Cast<byte, ushort>(bytes), destination);
                break;
            case ElementType.Float64:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(bytes), destination);
                break;
            case ElementType.Int8 when !RowScales.IsEmpty:
                var integers = MemoryMarshal.Cast<byte, sbyte>(bytes);
                var columns = Shape[1];
                for (var row = 0; row < RowScales.Length; row++)
                {
                    Int8Rows.Dequantize(integers.Slice(row * columns, columns), RowScales[row], destination.Slice(row * columns, columns));
                }

                break;
            default:
                throw new NotSupportedException($"A weight of {Type} elements cannot be read as 32-bit floats.");
        }

        GC.KeepAlive(this);
    }
}
