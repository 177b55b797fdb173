using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoRA.MLNet.Torch;

/// <summary>
/// Dropout (Srivastava et al. 2014) whose masks come from <see cref="DropoutRandom"/>, many times faster than libtorch's on a CPU. The
/// backward pass makes a mask again instead of keeping it, which would take as much memory as what is dropped.
/// </summary>
/// <param name="seed">Seed of the masks.</param>
/// <param name="fast">False for libtorch's own masks, which its own seed decides.</param>
internal sealed class TorchDropout(long seed, bool fast = true)
{
    private readonly DropoutRandom _random = new(seed);

    /// <summary>Number of the next mask; setting it back repeats masks.</summary>
    public long Position
    {
        get => _random.Position;
        set => _random.Position = value;
    }

    /// <summary>Sets elements to zero with the given probability and scales the others so that the mean stays.</summary>
    public Tensor Apply(Tensor x, double probability)
    {
        if (probability <= 0)
        {
            return x;
        }

        if (!fast)
        {
            Position++;
            return functional.dropout(x, probability);
        }

        if (torch.is_grad_enabled() && x.requires_grad)
        {
            return RepeatedMask.apply(x, new RepeatedMask.Call(this, Position++, probability));
        }

        using var mask = Mask(Position++, x, probability);
        return x * mask;
    }

    /// <summary>The mask of a position, of the shape, type and device of <paramref name="like"/>.</summary>
    public Tensor Mask(long position, Tensor like, double probability)
    {
        using var scope = torch.NewDisposeScope();
        var mask = torch.empty(like.shape, dtype: like.dtype);
        if (like.dtype == ScalarType.BFloat16)
        {
            // 1 / (1 - p) is rounded to bfloat16, so p is moved until the mean is right again
            var bits = (ushort)(BitConverter.SingleToUInt32Bits((float)(1 / (1 - probability))) + 0x8000 >> 16);
            var scale = BitConverter.UInt32BitsToSingle((uint)bits << 16);
            _random.Fill(MemoryMarshal.Cast<byte, ushort>(mask.bytes), position, 1 - (1 / scale), bits);
        }
        else
        {
            _random.Fill(MemoryMarshal.Cast<byte, float>(mask.bytes), position, probability, (float)(1 / (1 - probability)));
        }

        return (like.device_type == DeviceType.CPU ? mask : mask.to(like.device)).MoveToOuterDisposeScope();
    }

    private sealed class RepeatedMask : autograd.SingleTensorFunction<RepeatedMask>
    {
        public override string Name => nameof(TorchDropout);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (x, call) = ((Tensor)vars[0], (Call)vars[1]);
            ctx.save_data(nameof(Call), call);
            return Multiply(x, call);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [Multiply(grad_output, (Call)ctx.get_data(nameof(Call))), null!];

        private static Tensor Multiply(Tensor x, Call call)
        {
            using var mask = call.Dropout.Mask(call.Position, x, call.Probability);
            return x * mask;
        }

        public sealed record Call(TorchDropout Dropout, long Position, double Probability);
    }
}
