using System.Buffers;
using System.Runtime.InteropServices;
using LoRA.MLNet.Onnx.Proto;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static LoRA.MLNet.Onnx.Proto.TensorProto.Types;

namespace LoRA.MLNet.Onnx;

/// <summary>
/// The large constants of a session, outside its protobuf message: stored bytes are read where they are (a memory-mapped checkpoint, for
/// instance), computed and misaligned ones live in native memory that is owned here.
/// </summary>
internal sealed unsafe class OnnxWeightMemory : IDisposable
{
    private readonly List<MemoryHandle> _pins = [];
    private readonly List<nint> _blocks = [];
    private readonly List<OrtValue> _values = [];

    /// <summary>Bytes that were allocated here.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Hands a constant to a session that is about to be made. It must outlive that session.</summary>
    public void AddTo(SessionOptions options, OnnxInitializer initializer)
    {
        var address = initializer.IsStored ? Pin(initializer.Stored) : 0;
        if (address == 0 || address % initializer.ElementSize != 0)
        {
            address = Compute(initializer);
        }

        var value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, ElementTypeOf(initializer.Type), [.. initializer.Dims], address, initializer.ByteCount);
        _values.Add(value);
        options.AddInitializer(initializer.Name, value);
    }

    /// <summary>
    /// What the message says in place of the bytes. ONNX Runtime wants a path that exists below the working directory, and does not read it
    /// for a constant that it was given.
    /// </summary>
    public static void Mark(TensorProto tensor)
    {
        tensor.DataLocation = DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "." });
    }

    public void Dispose()
    {
        _values.ForEach(value => value.Dispose());
        _values.Clear();
        _pins.ForEach(pin => pin.Dispose());
        _pins.Clear();
        _blocks.ForEach(block => NativeMemory.AlignedFree((void*)block));
        _blocks.Clear();
    }

    private static TensorElementType ElementTypeOf(DataType type) => type switch
    {
        DataType.Float => TensorElementType.Float,
        DataType.Int64 => TensorElementType.Int64,
        DataType.Float16 => TensorElementType.Float16,
        DataType.Bfloat16 => TensorElementType.BFloat16,
        _ => TensorElementType.Int8,
    };

    private nint Pin(ReadOnlyMemory<byte> bytes)
    {
        var pin = bytes.Pin();
        _pins.Add(pin);
        return (nint)pin.Pointer;
    }

    private nint Compute(OnnxInitializer initializer)
    {
        var size = checked((int)initializer.ByteCount);
        var block = (nint)NativeMemory.AlignedAlloc((nuint)size, 64);
        _blocks.Add(block);
        AllocatedBytes += size;
        initializer.Write(new Span<byte>((void*)block, size));
        return block;
    }
}
