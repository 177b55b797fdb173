using System.Globalization;
using DistillEncoder;
using LoRA.MLNet;

// A small encoder from a large one and texts without labels. Ctrl+C writes a checkpoint; the same command continues.
var values = new Dictionary<string, string>
{
    ["--teacher"] = "", ["--texts"] = "", ["--out"] = "", ["--layers"] = "0,2,4", ["--vocabulary"] = "teacher", ["--tokens"] = "20000000",
    ["--rate"] = "6e-4", ["--threads"] = "", ["--storage"] = nameof(WeightStorage.Float16), ["--start"] = "", ["--pairs"] = "0",
};
for (var i = 0; i + 1 < args.Length && values.ContainsKey(args[i]); i += 2)
{
    values[args[i]] = args[i + 1];
}

if (args.Length % 2 != 0 || values["--teacher"].Length * values["--texts"].Length * values["--out"].Length == 0)
{
    Console.WriteLine("Usage: DistillEncoder --teacher FOLDER --texts FOLDER --out FOLDER [--layers 0,2,4] [--vocabulary teacher|SIZE]"
        + " [--tokens N] [--rate R] [--threads N] [--storage Float32|Float16|Int8] [--start FOLDER] [--pairs 0.5]");
    return 1;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => (e.Cancel, _) = (true, stop.CancelAsync());
int? vocabulary = values["--vocabulary"] == "teacher" ? null : int.Parse(values["--vocabulary"], CultureInfo.InvariantCulture);
int[] layers = [.. values["--layers"].Split(',').Select(layer => int.Parse(layer, CultureInfo.InvariantCulture))];
var options = new EncoderDistillationOptions
{
    Start = values["--start"].Length > 0 ? PretrainedEncoder.FromFolder(values["--start"]) : null,
    InnerTeacherLayer = Math.Max(0, layers[^1] - 1),
    PairShare = double.Parse(values["--pairs"], CultureInfo.InvariantCulture),
    VocabularySize = vocabulary,
    TeacherLayers = layers,
    FreezeWordEmbeddings = vocabulary is null,
    Storage = Enum.Parse<WeightStorage>(values["--storage"]),
    Training = new()
    {
        Tokens = long.Parse(values["--tokens"], CultureInfo.InvariantCulture),
        LearningRate = double.Parse(values["--rate"], CultureInfo.InvariantCulture),
        Threads = values["--threads"] is { Length: > 0 } threads ? int.Parse(threads, CultureInfo.InvariantCulture) : null,
    },
};

var texts = ShortTexts.AddTo(TextCorpus.FromFiles(values["--texts"]), seed: 1);
texts = options.PairShare > 0 ? Rephrased.AddTo(texts, seed: 2) : texts;
var teacher = PretrainedEncoder.FromFolder(values["--teacher"]);
var shown = DateTime.MinValue;
var report = EncoderDistillation.Run(teacher, texts, values["--out"], options, new Shown(Show), stop.Token);
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"Cosine to the teacher's sentence vectors: {report.HeldOutAtStart:F4} at first, {report.HeldOut:F4} after {report.Tokens / 1e6:F1} M tokens"));
return 0;

void Show(PretrainingProgress progress)
{
    if (DateTime.UtcNow - shown > TimeSpan.FromSeconds(20))
    {
        shown = DateTime.UtcNow;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"step {progress.Step}: {progress.Fraction:P1}, {progress.TokensPerSecond:F0} tokens/s, loss {progress.Loss:F4}, "
            + $"cosine {progress.HeldOut:F4}, {progress.TimeLeft:hh\\:mm\\:ss} left"));
    }
}

internal sealed class Shown(Action<PretrainingProgress> show) : IProgress<PretrainingProgress>
{
    public void Report(PretrainingProgress value) => show(value);
}
