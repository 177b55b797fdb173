using LoRA.MLNet.Benchmarks.Measurement;
using LoRA.MLNet.Benchmarks.Models;
using LoRA.MLNet.Benchmarks.Workload;
using LoRA.MLNet.Training;

namespace LoRA.MLNet.Benchmarks.Train;

/// <summary>Speed of the training loop.</summary>
internal static class TrainBenchmark
{
    public const string Usage = BenchmarkOptions.Usage + " " + TrainSettings.Usage;

    private static readonly string[] s_precisions = ["fp32", "bf16"];
    private static readonly string[] s_optimizations = ["fast-fp32", "sort", "packing", "fast-dropout", "keep-memory", "cache", "round"];

    public static void Run(Arguments arguments, JsonLines output)
    {
        var options = BenchmarkOptions.Read(arguments, rows: 256, batch: 16, s_precisions, s_optimizations);
        var settings = TrainSettings.Read(arguments, options);
        arguments.RequireNoOthers();

        var model = RandomModel.Create(options.Shape);
        var lengths = options.RowLengths();
        var rows = RandomRows.Of(lengths, model.Encoder, RandomModel.Seed)
            .Select((tokens, row) => new TrainingRow(tokens, row % RandomModel.Labels)).ToArray();
        var times = new Repetitions(options);
        var training = TrainingLoop.Run(settings.Training, settings.Input(model, rows), new EpochTimes(times, settings.WarmUp, options.Repeat));
        var result = times.ToResult("train", lengths, Padded(rows, options), UsefulWork.Train(model, lengths, settings.Method));
        result.More["method"] = settings.MethodName;
        result.More["cached_layers"] = training.CachedLayers;
        output.Write(result);
    }

    // of the first epoch; others differ by chance alone. Packed rows are padded in attention alone.
    private static long Padded(TrainingRow[] rows, BenchmarkOptions options) => options.Uses("packing")
        ? rows.Sum(row => row.Length)
        : BatchPlan.Shuffle(rows, options.Batch, new Random(RandomModel.Seed), options.Uses("sort"))
            .Sum(batch => (long)batch.Length * batch.Max(row => rows[row].Length));
}
