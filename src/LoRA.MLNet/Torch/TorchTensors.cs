using System.Runtime.InteropServices;
using LoRA.MLNet.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Torch;

/// <summary>Moves weights between files' bytes and libtorch's memory.</summary>
internal static class TorchTensors
{
    /// <summary>
    /// A tensor of the same type and shape that owns a copy of the numbers, of 32 bits where 8-bit integers stand for them; no dispose scope
    /// holds it.
    /// </summary>
    public static Tensor From(WeightTensor weight)
    {
        var type = weight.RowScales.IsEmpty ? TypeOf(weight.Type) : ScalarType.Float32;
        var tensor = torch.empty([.. weight.Shape.Select(size => (long)size)], dtype: type);
        if (weight.RowScales.IsEmpty)
        {
            weight.Data.Span.CopyTo(tensor.bytes);
        }
        else
        {
            weight.CopyTo(MemoryMarshal.Cast<byte, float>(tensor.bytes));
        }

        GC.KeepAlive(weight);
        return tensor.DetachFromDisposeScope();
    }

    /// <summary>The same, in another type and on another device.</summary>
    public static Tensor From(WeightTensor weight, ScalarType type, Device device)
    {
        using var stored = From(weight);
        weight.LeavePhysicalMemory();
        return stored.to(type, device, copy: true).DetachFromDisposeScope();
    }

    /// <summary>The numbers as a 32-bit weight.</summary>
    public static WeightTensor ToWeight(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var floats = tensor.detach().to(ScalarType.Float32).cpu().contiguous();
        return new WeightTensor(ElementType.Float32, [.. tensor.shape.Select(size => (int)size)], floats.bytes.ToArray());
    }

    private static ScalarType TypeOf(ElementType type) => type switch
    {
        ElementType.Float32 => ScalarType.Float32,
        ElementType.Float16 => ScalarType.Float16,
        ElementType.BFloat16 => ScalarType.BFloat16,
        ElementType.Float64 => ScalarType.Float64,
        ElementType.Int64 => ScalarType.Int64,
        ElementType.Int32 => ScalarType.Int32,
        ElementType.Int16 => ScalarType.Int16,
        ElementType.Int8 => ScalarType.Int8,
        ElementType.UInt8 => ScalarType.Byte,
        _ => ScalarType.Bool,
    };
}
