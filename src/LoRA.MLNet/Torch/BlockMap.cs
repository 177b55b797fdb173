namespace LoRA.MLNet.Torch;

/// <summary>
/// Which parts of a stretch of memory are taken. A new block goes where the least is left over, neighbours that are free become one: what training
/// takes and gives back every step then fits without holes (the tensors' own sizes come again and again).
/// </summary>
/// <param name="size">Bytes of the stretch.</param>
internal sealed class BlockMap(long size)
{
    // by place, so that neighbours are found; there are tens of them
    private readonly List<(long Start, long Size)> _free = [(0, size)];
    private readonly Dictionary<long, long> _taken = [];

    /// <summary>The free parts, from low to high.</summary>
    public IReadOnlyList<(long Start, long Size)> Free => _free;

    /// <summary>Takes a block; false where no free part is large enough.</summary>
    public bool TryTake(long size, out long start)
    {
        var best = -1;
        for (var i = 0; i < _free.Count; i++)
        {
            if (_free[i].Size >= size && (best < 0 || _free[i].Size < _free[best].Size))
            {
                best = i;
            }
        }

        if (best < 0)
        {
            start = 0;
            return false;
        }

        (start, var whole) = _free[best];
        _taken[start] = size;
        if (whole == size)
        {
            _free.RemoveAt(best);
        }
        else
        {
            _free[best] = (start + size, whole - size);
        }

        return true;
    }

    /// <summary>Gives a block back.</summary>
    public void Return(long start)
    {
        _taken.Remove(start, out var size);
        var next = FirstAfter(start);
        if (next < _free.Count && start + size == _free[next].Start)
        {
            size += _free[next].Size;
            _free.RemoveAt(next);
        }

        if (next > 0 && _free[next - 1].Start + _free[next - 1].Size == start)
        {
            _free[next - 1] = (_free[next - 1].Start, _free[next - 1].Size + size);
        }
        else
        {
            _free.Insert(next, (start, size));
        }
    }

    private int FirstAfter(long start)
    {
        var i = _free.Count;
        while (i > 0 && _free[i - 1].Start > start)
        {
            i--;
        }

        return i;
    }
}
