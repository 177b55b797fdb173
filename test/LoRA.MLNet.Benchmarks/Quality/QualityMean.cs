namespace LoRA.MLNet.Benchmarks.Quality;

/// <summary>The mean of results over seeds, of one data set or of all.</summary>
internal sealed record QualityMean(string Mean, string Model, int? PerClass, double Accuracy, double MacroF1, double Seconds, int Runs)
{
    private const string All = "all sets";

    /// <summary>For every model and number of rows, the mean of each set over its seeds, and the mean of these.</summary>
    public static IEnumerable<QualityMean> Of(IReadOnlyList<QualityResult> results) => results
        .GroupBy(result => (result.Model, result.PerClass))
        .SelectMany(group => group.GroupBy(result => result.Data).Select(set => Of(set.Key, [.. set])).ToList() is var sets && sets.Count > 1
            ? [.. sets, sets[0] with
            {
                Mean = All, Accuracy = Round(sets.Average(set => set.Accuracy)), MacroF1 = Round(sets.Average(set => set.MacroF1)),
                Seconds = Round(sets.Average(set => set.Seconds)), Runs = sets.Sum(set => set.Runs),
            }]
            : sets);

    private static QualityMean Of(string data, List<QualityResult> runs) => new(
        data, runs[0].Model, runs[0].PerClass, Round(runs.Average(run => run.Accuracy)), Round(runs.Average(run => run.MacroF1)),
        Round(runs.Average(run => run.Seconds)), runs.Count);

    private static double Round(double value) => Math.Round(value, 4);
}
