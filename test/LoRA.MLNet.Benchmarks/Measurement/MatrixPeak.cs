using LoRA.MLNet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Benchmarks.Measurement;

/// <summary>What this machine multiplies at best, in GFLOP/s: two square matrices of 2048, by the faster of libtorch's ways.</summary>
/// <param name="Float32">32-bit floats.</param>
/// <param name="BFloat16">bfloat16.</param>
internal sealed record MatrixPeak(double Float32, double BFloat16)
{
    private const int Tries = 3;

    public static MatrixPeak Measure(BenchmarkOptions options)
    {
        TorchRuntime.EnsureLoaded();
        using var fast = FastFloat32.Hold();
        using var memory = TensorMemory.Hold();
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var (left, right) = (torch.randn(options.PeakSize, options.PeakSize), torch.randn(options.PeakSize, options.PeakSize));
        return new MatrixPeak(Best(left, right, options.Clock), Best(left.bfloat16(), right.bfloat16(), options.Clock));
    }

    /// <summary>The middle one of several, as the machine's other work comes and goes.</summary>
    public static MatrixPeak Median(IReadOnlyList<MatrixPeak> peaks) =>
        new(Measurement.Median.Of(peaks.Select(peak => peak.Float32)), Measurement.Median.Of(peaks.Select(peak => peak.BFloat16)));

    private static double Best(Tensor left, Tensor right, BenchmarkClock clock)
    {
        Multiply(left, right, clock);
        return Enumerable.Range(0, Tries).Max(_ => Multiply(left, right, clock));
    }

    private static double Multiply(Tensor left, Tensor right, BenchmarkClock clock)
    {
        var start = clock.Now;
        using var product = torch.mm(left, right);
        return 2e-9 * Math.Pow(left.shape[0], 3) / (clock.Now - start);
    }
}
