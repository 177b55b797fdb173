using System.Runtime.InteropServices;
using Google.Protobuf;
using LoRA.MLNet.Checkpoints;
using static LoRA.MLNet.Onnx.Proto.TensorProto.Types;

namespace LoRA.MLNet.Onnx;

/// <summary>
/// A constant of a graph. A weight is not copied here: its numbers are taken from where they are when a session or a file needs them.
/// </summary>
internal sealed class OnnxInitializer
{
    private readonly Action<Span<byte>>? _write;

    private OnnxInitializer(string name, DataType type, long[] dims, ReadOnlyMemory<byte> stored, Action<Span<byte>>? write)
    {
        Name = name;
        Type = type;
        Dims = dims;
        Stored = stored;
        _write = write;
    }

    public string Name { get; }

    public DataType Type { get; }

    public IReadOnlyList<long> Dims { get; }

    /// <summary>The bytes where they exist as they are needed, else empty: then only <see cref="Write"/> makes them.</summary>
    public ReadOnlyMemory<byte> Stored { get; }

    public bool IsStored => _write is null;

    /// <summary>Bytes of one number.</summary>
    public int ElementSize => Type switch { DataType.Float => 4, DataType.Int64 => 8, DataType.Int8 => 1, _ => 2 };

    public long ByteCount => Dims.Aggregate((long)ElementSize, (size, dim) => size * dim);

    /// <summary>A constant of given numbers.</summary>
    public static OnnxInitializer Of<T>(string name, DataType type, ReadOnlySpan<T> values, params long[] dims)
        where T : unmanaged => new(name, type, dims, MemoryMarshal.AsBytes(values).ToArray(), null);

    /// <summary>A weight in 32-bit floats, in the layout of the checkpoint.</summary>
    public static OnnxInitializer Of(string name, WeightTensor weight) => weight.Type == ElementType.Float32
        ? new(name, DataType.Float, LongDims(weight), weight.Data, null)
        : new(name, DataType.Float, LongDims(weight), default, bytes => weight.CopyTo(MemoryMarshal.Cast<byte, float>(bytes)));

    /// <summary>A weight of 16-bit floats or 8-bit integers as the checkpoint stores it.</summary>
    public static OnnxInitializer AsStored(string name, DataType type, WeightTensor weight) => new(name, type, LongDims(weight), weight.Data, null);

    /// <summary>A constant whose bytes are computed when needed.</summary>
    public static OnnxInitializer Computed(string name, DataType type, Action<Span<byte>> write, params long[] dims) =>
        new(name, type, dims, default, write);

    /// <summary>Writes the little-endian bytes.</summary>
    public void Write(Span<byte> destination)
    {
        if (_write is null)
        {
            Stored.Span.CopyTo(destination);
            GC.KeepAlive(this);
        }
        else
        {
            _write(destination);
        }
    }

    /// <summary>The bytes as a protobuf field.</summary>
    public ByteString ToByteString()
    {
        if (IsStored)
        {
            return UnsafeByteOperations.UnsafeWrap(Stored);
        }

        var bytes = new byte[ByteCount];
        _write!(bytes);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    private static long[] LongDims(WeightTensor weight) => [.. weight.Shape.Select(size => (long)size)];
}
