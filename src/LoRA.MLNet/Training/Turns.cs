namespace LoRA.MLNet.Training;

/// <summary>Draws items in random order, none again before fewer are left than are asked for.</summary>
internal sealed class Turns<T>(T[] items, Random random)
{
    private int _next = items.Length;

    public int Count => items.Length;

    /// <summary>So many items, no more than there are, none twice.</summary>
    public T[] Take(int count)
    {
        if (_next + count > items.Length)
        {
            random.Shuffle(items);
            _next = 0;
        }

        _next += count;
        return items[(_next - count).._next];
    }
}
