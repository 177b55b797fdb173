using LoRA.MLNet.Benchmarks.Measurement;
using LoRA.MLNet.Benchmarks.Models;
using LoRA.MLNet.Benchmarks.Workload;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Onnx;
using LoRA.MLNet.Scoring;
using LoRA.MLNet.Tokenization;

namespace LoRA.MLNet.Benchmarks.Score;

/// <summary>Speed of scoring many rows.</summary>
/// <remarks>
/// Rows come in windows, as a cursor reads them ahead, and are sorted and cut into batches by a budget of tokens within. With --no-sort they come
/// in batches of so many rows as they are.
/// </remarks>
internal static class ScoreBenchmark
{
    public const string Usage = BenchmarkOptions.Usage + " [--tokens-per-batch N] [--window N] [--merged] [--no-sort]";

    private static readonly string[] s_precisions = ["fp32", "int8"];

    public static void Run(Arguments arguments, JsonLines output)
    {
        var options = BenchmarkOptions.Read(arguments, rows: 512, batch: 32, s_precisions, "sort");
        var window = options.Uses("sort") ? arguments.Integer("window") ?? ScoredCursor.LargestWindow : options.Batch;
        var settings = ScoringSettings.Of(options);
        settings = settings with
        {
            SortsRows = options.Uses("sort"),
            TokensPerBatch = arguments.Integer("tokens-per-batch") ?? settings.TokensPerBatch,
        };
        var merged = arguments.Flag("merged");
        arguments.RequireNoOthers();

        var model = RandomModel.Create(options.Shape);
        using var scorer = OnnxTextScorer.Create(
            model.Encoder, merged ? Merge(model) : model.Weights, RandomModel.Labels, Pooling.Family, settings);
        var lengths = options.RowLengths();
        var rows = RandomRows.Of(lengths, model.Encoder, RandomModel.Seed);
        var times = Repetitions.Of(options, () => Score(scorer, rows, window));
        var padded = lengths.Chunk(window).Sum(part => Padded(part, settings));
        var result = times.ToResult(merged ? "score-merged" : "score", lengths, padded, UsefulWork.Forward(model, lengths));
        if (merged)
        {
            using var plain = OnnxTextScorer.Create(model.Encoder, model.Weights, RandomModel.Labels, Pooling.Family, settings);
            result.More["of_plain"] = SpeedResult.Round(Compare(options, () => Score(scorer, rows, window), () => Score(plain, rows, window)));
        }

        output.Write(result);
    }

    // Both in turn, as often as the rest was repeated: what disturbs the one disturbs the other. Each goes first every other time.
    private static double Compare(BenchmarkOptions options, Action merged, Action plain)
    {
        plain();
        return Median.Of([.. Enumerable.Range(0, options.Repeat).Select(i =>
        {
            var first = Time(options.Clock, i % 2 == 0 ? merged : plain);
            var second = Time(options.Clock, i % 2 == 0 ? plain : merged);
            return i % 2 == 0 ? first / second : second / first;
        })]);
    }

    private static double Time(BenchmarkClock clock, Action work)
    {
        var start = clock.Now;
        work();
        return clock.Now - start;
    }

    private static void Score(OnnxTextScorer scorer, TokenIds[] rows, int window)
    {
        var logits = new float[window * scorer.Outputs];
        foreach (var part in rows.Chunk(window))
        {
            scorer.Score(part, logits.AsSpan(0, part.Length * scorer.Outputs));
        }
    }

    private static long Padded(int[] lengths, OnnxSettings settings)
    {
        if (!settings.SortsRows)
        {
            return (long)lengths.Length * lengths.Max();
        }

        var sorted = lengths.OrderDescending().ToArray();
        var sizes = new int[sorted.Length];
        var (padded, start) = (0L, 0);
        foreach (var size in sizes.AsSpan(0, LengthBatches.Cut(sorted, settings.TokensPerBatch, sizes)))
        {
            padded += (long)sorted[start] * size;
            start += size;
        }

        return padded;
    }

    private static IReadOnlyDictionary<string, Checkpoints.WeightTensor> Merge(RandomModel model)
    {
        var adaptation = model.Prepare(new LoraOptions());
        return adaptation.Merge(model.Weights, adaptation.Weights);
    }
}
