using LoRA.MLNet.Checkpoints;

namespace LoRA.MLNet.Tests.Checkpoints;

[TestClass]
public sealed class NarrowFloatTests
{
    private static readonly ushort[] s_all = [.. Enumerable.Range(0, 65536).Select(bits => (ushort)bits)];

    [TestMethod]
    public void Every_half_is_what_the_runtime_says()
    {
        var floats = new float[s_all.Length];
        NarrowFloats.FromHalf(s_all, floats);
        for (var i = 0; i < floats.Length; i++)
        {
            var expected = (float)BitConverter.UInt16BitsToHalf(s_all[i]);
            Assert.IsTrue(float.IsNaN(expected) ? float.IsNaN(floats[i]) : BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(floats[i]), $"{i:x4}");
        }
    }

    [TestMethod]
    public void A_few_halves_that_fill_no_vector_are_the_same()
    {
        for (var count = 0; count < 40; count++)
        {
            var floats = new float[count];
            NarrowFloats.FromHalf(s_all.AsSpan(0x3c00, count), floats);
            CollectionAssert.AreEqual(Enumerable.Range(0x3c00, count).Select(bits => (float)BitConverter.UInt16BitsToHalf((ushort)bits)).ToArray(), floats);
        }
    }

    [TestMethod]
    public void Every_bfloat16_is_the_upper_half_of_a_float()
    {
        var floats = new float[s_all.Length];
        NarrowFloats.FromBFloat16(s_all, floats);
        for (var i = 0; i < floats.Length; i++)
        {
            Assert.AreEqual((uint)i << 16, BitConverter.SingleToUInt32Bits(floats[i]), $"{i:x4}");
        }
    }
}
