namespace LoRA.MLNet.Training;

/// <summary>
/// Batches in which every row has others of its class: so many classes, in turn, and of each as many rows. Of a class
/// every row comes about as often.
/// </summary>
internal sealed class ClassBatches
{
    private const int FewestOfClass = 2;

    private readonly Turns<TrainingRow>[] _rows;
    private readonly Turns<int> _classes;
    private readonly int _perBatch;
    private readonly int _perClass;

    public ClassBatches(IReadOnlyList<TrainingRow> rows, int batchSize, Random random)
    {
        _rows = [.. rows.GroupBy(row => row.Target).OrderBy(group => group.Key).Select(group => new Turns<TrainingRow>([.. group], random))];
        _classes = new Turns<int>([.. Enumerable.Range(0, _rows.Length)], random);
        _perBatch = Math.Clamp(batchSize / FewestOfClass, 2, _rows.Length);
        _perClass = Math.Max(FewestOfClass, batchSize / _perBatch);
    }

    /// <summary>The next batch. Of a class of fewer rows than are its share, all.</summary>
    public TrainingRow[] Next() =>
        [.. _classes.Take(_perBatch).SelectMany(index => _rows[index].Take(Math.Min(_perClass, _rows[index].Count)))];
}
