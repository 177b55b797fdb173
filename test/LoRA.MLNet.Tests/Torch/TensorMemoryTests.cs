using LoRA.MLNet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Tests.Torch;

[TestClass]
public sealed class TensorMemoryTests
{
    private const int Large = 1 << 20;

    [TestMethod]
    public void This_libtorch_is_known()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("Only Linux's libtorch is.");
        }

        Assert.IsTrue(TensorMemory.IsUseful);
    }

    [TestMethod]
    public void A_freed_tensors_memory_is_used_again()
    {
        using var memory = Hold();
        nint first;
        using (var tensor = torch.zeros(Large))
        {
            first = AddressOf(tensor);
        }

        using var again = torch.zeros(Large);
        Assert.AreEqual(first, AddressOf(again));
    }

    [TestMethod]
    public void Tensors_outlive_the_hold_and_small_ones_are_as_ever()
    {
        Tensor large, small;
        using (Hold())
        using (Hold())
        {
            (large, small) = (torch.ones(Large), torch.ones(3));
        }

        using var other = torch.zeros(Large);
        Assert.AreEqual(Large, large.sum().item<float>());
        Assert.AreEqual(3, small.sum().item<float>());
        large.Dispose();
        small.Dispose();
    }

    [TestMethod]
    public void Threads_take_and_give_back_at_once()
    {
        using var memory = Hold();
        Parallel.For(0, 8, thread =>
        {
            for (var i = 1; i < 50; i++)
            {
                using var tensor = torch.full(i * 20000, (float)thread);
                Assert.AreEqual(thread, tensor.min().item<float>());
                Assert.AreEqual(thread, tensor.max().item<float>());
            }
        });
    }

    private static TensorMemory Hold() =>
        TensorMemory.Hold() ?? throw new AssertInconclusiveException("There is none on this system.");

    private static unsafe nint AddressOf(Tensor tensor)
    {
        fixed (byte* start = tensor.bytes)
        {
            return (nint)start;
        }
    }
}
