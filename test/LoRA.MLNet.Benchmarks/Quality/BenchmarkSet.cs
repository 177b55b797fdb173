namespace LoRA.MLNet.Benchmarks.Quality;

/// <summary>
/// Rows of a folder with train*.tsv and test*.tsv (or dev*.tsv), or with other *.tsv, of whose rows a third is for testing: a header line, tab
/// separated, no quoting.
/// </summary>
internal sealed record BenchmarkSet(string Name, bool IsPair, IReadOnlyList<LabelledText> Train, IReadOnlyList<LabelledText> Test)
{
    /// <summary>The same test rows for every seed; train rows drawn by the seed, so many in all or so many of each class.</summary>
    public static BenchmarkSet Load(string folder, int rows, int? perClass, int testRows, int seed)
    {
        var (train, test) = Divided(folder);
        if (train.Count == 0 || test.Count == 0)
        {
            throw new ArgumentException($"{folder} must hold train*.tsv and test*.tsv or dev*.tsv, or *.tsv that are not divided.");
        }

        var shuffled = Shuffle(train, seed);
        var drawn = perClass is { } count
            ? [.. shuffled.GroupBy(row => row.Label, StringComparer.Ordinal).SelectMany(group => group.Take(count))]
            : shuffled.Take(rows).ToList();
        return new BenchmarkSet(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), train[0].TextB.Length > 0, Shuffle(drawn, seed),
            [.. Shuffle(test, 0).Take(testRows)]);
    }

    private static (List<LabelledText> Train, List<LabelledText> Test) Divided(string folder)
    {
        var train = Read(folder, "train*.tsv");
        var test = Read(folder, "test*.tsv") is { Count: > 0 } found ? found : Read(folder, "dev*.tsv");
        if (train.Count + test.Count > 0)
        {
            return (train, test);
        }

        var all = Shuffle(Read(folder, "*.tsv"), 0);
        return (all[(all.Count / 3)..], all[..(all.Count / 3)]);
    }

    private static List<LabelledText> Read(string folder, string pattern) =>
        [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal).SelectMany(ReadFile)];

    private static IEnumerable<LabelledText> ReadFile(string file)
    {
        var lines = File.ReadLines(file).Select(line => line.Split('\t')).ToList();
        int Column(string name) => Array.IndexOf(lines[0], name);
        var (text, pair, label) = (Math.Max(Column("text"), Column("text_a")), Column("text_b"), Column("label"));
        if (text < 0 || label < 0)
        {
            throw new ArgumentException($"{file} must have the columns text (or text_a and text_b) and label, found {string.Join(", ", lines[0])}.");
        }

        return lines.Skip(1).Select(row => new LabelledText { Text = row[text], TextB = pair < 0 ? "" : row[pair], Label = row[label] });
    }

    private static List<LabelledText> Shuffle(IEnumerable<LabelledText> rows, int seed)
    {
        var array = rows.ToArray();
        new Random(seed).Shuffle(array);
        return [.. array];
    }
}
