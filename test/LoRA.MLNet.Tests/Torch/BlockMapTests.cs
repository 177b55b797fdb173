using LoRA.MLNet.Torch;

namespace LoRA.MLNet.Tests.Torch;

[TestClass]
public sealed class BlockMapTests
{
    [TestMethod]
    public void A_block_goes_where_the_least_is_left_over()
    {
        var map = new BlockMap(1000);
        var large = Take(map, 300);
        Take(map, 10);
        var small = Take(map, 100);
        Take(map, 10);
        map.Return(large);
        map.Return(small);

        Assert.AreEqual(small, Take(map, 90));
        Assert.AreEqual(large, Take(map, 290));
    }

    [TestMethod]
    public void Free_neighbours_become_one()
    {
        var map = new BlockMap(100);
        long[] blocks = [Take(map, 20), Take(map, 20), Take(map, 20), Take(map, 20)];
        map.Return(blocks[0]);
        map.Return(blocks[2]);
        Assert.HasCount(3, map.Free);
        map.Return(blocks[1]);
        Assert.HasCount(2, map.Free);
        map.Return(blocks[3]);

        CollectionAssert.AreEqual(new[] { (0L, 100L) }, map.Free.ToArray());
    }

    [TestMethod]
    public void Nothing_is_taken_where_nothing_fits()
    {
        var map = new BlockMap(100);
        var first = Take(map, 60);
        Take(map, 10);
        map.Return(first);

        Assert.IsFalse(map.TryTake(61, out _));
        Assert.AreEqual(first, Take(map, 60));
    }

    [TestMethod]
    public void Blocks_never_overlap_and_all_comes_back()
    {
        var (random, map, taken) = (new Random(1), new BlockMap(1 << 20), new List<(long Start, long Size)>());
        for (var i = 0; i < 5000; i++)
        {
            var size = random.Next(1, 1 << 14);
            if (random.Next(2) == 0 && map.TryTake(size, out var start))
            {
                Assert.IsFalse(taken.Any(block => start < block.Start + block.Size && block.Start < start + size));
                taken.Add((start, size));
            }
            else if (taken.Count > 0)
            {
                var chosen = random.Next(taken.Count);
                map.Return(taken[chosen].Start);
                taken.RemoveAt(chosen);
            }

            Assert.AreEqual(1 << 20, map.Free.Sum(part => part.Size) + taken.Sum(block => block.Size));
        }

        taken.ForEach(block => map.Return(block.Start));
        CollectionAssert.AreEqual(new[] { (0L, 1L << 20) }, map.Free.ToArray());
    }

    private static long Take(BlockMap map, long size)
    {
        Assert.IsTrue(map.TryTake(size, out var start));
        return start;
    }
}
