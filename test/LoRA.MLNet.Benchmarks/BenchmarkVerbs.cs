using LoRA.MLNet.Benchmarks.Load;
using LoRA.MLNet.Benchmarks.Memory;
using LoRA.MLNet.Benchmarks.Micro;
using LoRA.MLNet.Benchmarks.Multi;
using LoRA.MLNet.Benchmarks.Quality;
using LoRA.MLNet.Benchmarks.Score;
using LoRA.MLNet.Benchmarks.Single;
using LoRA.MLNet.Benchmarks.Tokenize;
using LoRA.MLNet.Benchmarks.Train;

namespace LoRA.MLNet.Benchmarks;

/// <summary>The verbs of the command line.</summary>
internal static class BenchmarkVerbs
{
    private static readonly Dictionary<string, (string Usage, Action<Arguments, JsonLines> Run)> s_verbs = new(StringComparer.Ordinal)
    {
        ["train"] = (TrainBenchmark.Usage, TrainBenchmark.Run),
        ["score"] = (ScoreBenchmark.Usage, ScoreBenchmark.Run),
        ["single"] = (SingleBenchmark.Usage, SingleBenchmark.Run),
        ["multi"] = (MultiBenchmark.Usage, MultiBenchmark.Run),
        ["memory"] = (MemoryBenchmark.Usage, MemoryBenchmark.Run),
        ["load"] = (LoadBenchmark.Usage, LoadBenchmark.Run),
        ["tokenize"] = (TokenizeBenchmark.Usage, TokenizeBenchmark.Run),
        ["quality"] = (QualityBenchmark.Usage, QualityBenchmark.Run),
        ["micro"] = (MicroBenchmark.Usage, MicroBenchmark.Run),
    };

    /// <summary>Runs a verb; returns the exit code.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        if (args is not [var verb, .. var options] || !s_verbs.TryGetValue(verb, out var command))
        {
            WriteUsage(error);
            return 2;
        }

        try
        {
            command.Run(new Arguments(options), new JsonLines(output));
            return 0;
        }
        catch (ArgumentException e)
        {
            error.WriteLine(e.Message);
            return 2;
        }
    }

    private static void WriteUsage(TextWriter error)
    {
        error.WriteLine("Usage: LoRA.MLNet.Benchmarks VERB [options]; every verb prints JSON lines.");
        foreach (var (name, (usage, _)) in s_verbs)
        {
            error.WriteLine($"  {name} {usage}");
        }
    }
}
