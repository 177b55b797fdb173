using System.Diagnostics;
using LoRA.MLNet.Adapters;
using LoRA.MLNet.Benchmarks.Measurement;
using LoRA.MLNet.Benchmarks.Models;
using LoRA.MLNet.Benchmarks.Single;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Scoring;
using Microsoft.ML;

namespace LoRA.MLNet.Benchmarks.Load;

/// <summary>Time of a fresh process, compilation included, from a saved model to its first prediction.</summary>
internal static class LoadBenchmark
{
    public const string Usage = "[--model model.zip] [--repeat 5] [--clock wall|cpu] [--once] [--quick]";

    private const string Text = "I still have not received my new card, and it was ordered over a week ago.";
    private static readonly string[] s_clocks = ["wall", "cpu"];

    public static void Run(Arguments arguments, JsonLines output)
    {
        var clock = arguments.Choice("clock", s_clocks);
        var repeat = arguments.Integer("repeat") ?? (arguments.Flag("quick") ? 1 : 5);
        var (model, once) = (arguments.Text("model"), arguments.Flag("once"));
        arguments.RequireNoOthers();
        if (once)
        {
            output.Write(Measure(model ?? throw new ArgumentException("--once measures this process and needs --model."), clock));
        }
        else if (model is not null)
        {
            output.Write(Repeat(model, clock, repeat));
        }
        else
        {
            var made = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.zip");
            try
            {
                SaveMini(made);
                output.Write(Repeat(made, clock, repeat));
            }
            finally
            {
                File.Delete(made);
            }
        }
    }

    private static LoadResult Measure(string model, string clockName)
    {
        var clock = new BenchmarkClock(clockName == "cpu", Threads: 1);
        var start = clock.Now;
        var ml = new MLContext();
        var loaded = ml.Model.Load(model, out var schema);
        var ready = clock.Now;
        using var engine = ml.Model.CreatePredictionEngine<Message, Prediction>(loaded, schema);
        var made = clock.Now;
        engine.Predict(new Message { Text = Text });
        var first = clock.Now;
        engine.Predict(new Message { Text = Text });
        var second = clock.Now;
        return new LoadResult(
            "load", 1, clockName, SpeedResult.Round(new FileInfo(model).Length * 1e-6), Ms(start, ready), Ms(ready, made), Ms(made, first),
            Ms(first, second), Ms(start, first));
    }

    private static LoadResult Repeat(string model, string clock, int repeat)
    {
        var results = Enumerable.Range(0, repeat).Select(_ => InFreshProcess(model, clock)).ToList();
        double MedianOf(Func<LoadResult, double> value) => Median.Of([.. results.Select(value)]);
        return results[0] with
        {
            Processes = repeat,
            LoadMs = MedianOf(result => result.LoadMs),
            EngineMs = MedianOf(result => result.EngineMs),
            FirstMs = MedianOf(result => result.FirstMs),
            SecondMs = MedianOf(result => result.SecondMs),
            TotalMs = MedianOf(result => result.TotalMs),
        };
    }

    private static LoadResult InFreshProcess(string model, string clock)
    {
        string[] arguments = [typeof(LoadBenchmark).Assembly.Location, "load", "--once", "--model", model, "--clock", clock];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonLines.Read<LoadResult>(line) : throw new InvalidOperationException(
            $"The process that loads {model} ended with {process.ExitCode}; its errors are above.");
    }

    // Mini with a head and a merged adapter, as fine-tuning leaves it.
    private static void SaveMini(string path)
    {
        var mini = PretrainedEncoder.Mini;
        var inventory = ModuleInventory.Of(mini.Encoder, RandomModel.Labels, mini.Pooling);
        var adaptation = LoraAdaptation.Begin(new LoraOptions(), inventory, mini.Weights, RandomModel.Seed);
        var model = new TextModel
        {
            Task = TextTask.Multiclass,
            Config = mini.Config,
            Pooling = mini.Pooling,
            Weights = adaptation.Merge(mini.Weights, adaptation.Weights),
            Tokenizer = mini.Tokenizer,
            MaxLength = 128,
            Base = new BaseModelInfo(mini.Name, mini.Sha256),
            Outputs = RandomModel.Labels,
        };
        var ml = new MLContext();
        using var transformer = new LoraTextTransformer(ml, new TextColumns { Text = nameof(Message.Text) }, model, TextScoring.Of(model, ml));
        ml.Model.Save(transformer, ml.Data.LoadFromEnumerable<Message>([]).Schema, path);
    }

    private static double Ms(double start, double end) => SpeedResult.Round(1000 * (end - start));
}
