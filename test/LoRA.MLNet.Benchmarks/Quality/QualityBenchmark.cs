using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;

namespace LoRA.MLNet.Benchmarks.Quality;

/// <summary>Accuracy on labelled sets through the public ML.NET API, with the trainer's defaults or what is given.</summary>
internal static class QualityBenchmark
{
    public const string Usage = "--model FOLDER|mini --data FOLDER[,FOLDER...] [--rows 2000] [--per-class K[,K...]] [--test-rows 1000] [--seeds 3] "
        + "[--first-seed 1] [--baseline] [--quick] " + QualitySettings.Usage;

    public static void Run(Arguments arguments, JsonLines output)
    {
        var quick = arguments.Flag("quick");
        var model = arguments.Required("model");
        var folders = arguments.Required("data").Split(',');
        var perClass = arguments.Text("per-class")?.Split(',').Select(count => (int?)int.Parse(count, CultureInfo.InvariantCulture)).ToArray() ?? [null];
        var (rows, testRows) = (arguments.Integer("rows") ?? 2000, arguments.Integer("test-rows") ?? 1000);
        var (seeds, baseline) = (arguments.Integer("seeds") ?? (quick ? 1 : 3), arguments.Flag("baseline"));
        var first = arguments.Integer("first-seed") ?? 1;
        var settings = QualitySettings.Read(arguments);
        settings = settings with { Epochs = settings.Epochs ?? (quick ? 1 : null) };
        arguments.RequireNoOthers();

        var encoder = model == "mini" ? PretrainedEncoder.Mini : PretrainedEncoder.FromFolder(model);
        var results = new List<QualityResult>();
        foreach (var (count, folder) in perClass.SelectMany(count => folders.Select(folder => (count, folder))))
        {
            for (var seed = first; seed < first + seeds; seed++)
            {
                var set = BenchmarkSet.Load(folder, rows, count, testRows, seed);
                Add(Measure(model == "mini" ? model : encoder.Name, set, count, seed, (ml, pairColumn) =>
                    ml.MulticlassClassification.Trainers.LoraTextClassification(settings.ToOptions(encoder, pairColumn))));
                if (baseline)
                {
                    Add(Measure("FeaturizeText + LbfgsMaximumEntropy", set, count, seed, (ml, pairColumn) =>
                        ml.Transforms.Text.FeaturizeText("Features", null, pairColumn is null ? [nameof(LabelledText.Text)] : [nameof(LabelledText.Text), pairColumn])
                            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy())));
                }
            }
        }

        foreach (var mean in QualityMean.Of(results))
        {
            output.Write(mean);
        }

        void Add(QualityResult result)
        {
            results.Add(result);
            output.Write(result);
        }
    }

    private static QualityResult Measure<TTransformer>(
        string model, BenchmarkSet set, int? perClass, int seed, Func<MLContext, string?, IEstimator<TTransformer>> trainer)
        where TTransformer : class, ITransformer
    {
        var ml = new MLContext(seed);
        var watch = Stopwatch.StartNew();
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(trainer(ml, set.IsPair ? nameof(LabelledText.TextB) : null));
        using var fitted = pipeline.Fit(ml.Data.LoadFromEnumerable(set.Train));
        var seconds = watch.Elapsed.TotalSeconds;
        var metrics = ml.MulticlassClassification.Evaluate(fitted.Transform(ml.Data.LoadFromEnumerable(set.Test)));
        return new QualityResult(
            model, set.Name, perClass, Math.Round(metrics.MicroAccuracy, 4), Math.Round(MacroF1.Of(metrics.ConfusionMatrix), 4),
            set.Train.Count, set.Test.Count, metrics.ConfusionMatrix.NumberOfClasses, seed, Math.Round(seconds, 2));
    }
}
