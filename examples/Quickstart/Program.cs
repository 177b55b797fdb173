using LoRA.MLNet;
using Microsoft.ML;
using Microsoft.ML.Data;
using Quickstart;
using Spectre.Console;

// Support messages to the department that should read them: fine-tune, evaluate, save, load, predict.
try
{
    Run(Arguments.Parse(args));
    return 0;
}
catch (Exception e) when (e is ArgumentException or IOException or FormatException or InvalidOperationException)
{
    AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
    return 1;
}

static void Run(Arguments arguments)
{
    var ml = new MLContext(seed: 1);
    var (train, test) = MessageFile.Load(ml, arguments);
    var encoder = arguments.Base is { } path ? PretrainedEncoder.FromFolder(path) : PretrainedEncoder.Mini;

    AnsiConsole.MarkupLineInterpolated($"[bold]Fine-tuning {encoder.Name}[/] ({encoder.ParameterCount / 1e6:F1} M parameters) with LoRA");
    using var model = LiveProgress.Show(progress => ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.MulticlassClassification.Trainers.LoraTextClassification(new LoraTextOptions
        {
            Encoder = encoder,
            Progress = progress,
        }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
        .Fit(train));
    var scored = model.Transform(test);
    var metrics = ml.MulticlassClassification.Evaluate(scored);
    var baseline = Baseline.Evaluate(ml, train, test);
    Report.Accuracies(metrics, baseline);
    Report.Confusion(metrics.ConfusionMatrix, scored.Schema["Label"]);

    ml.Model.Save(model, train.Schema, "model.zip");
    AnsiConsole.MarkupLineInterpolated($"Saved [bold]model.zip[/] ({new FileInfo("model.zip").Length / 1e6:F1} MB); loading it as another application would");
    using var loaded = ml.Model.Load("model.zip", out _) as IDisposable;
    using var engine = ml.Model.CreatePredictionEngine<Message, Prediction>((ITransformer)loaded!);
    Report.Predictions(engine, arguments.Data is null
        ? ["where is my parcl?? its been 9 days", "you took the money twice", "The kettle stopped heating after two months", "cant log in, reset mail never comes"]
        : [.. ml.Data.CreateEnumerable<Message>(test, reuseRowObject: false).Take(4).Select(message => message.Text)]);
    AnsiConsole.MarkupLine(arguments.Data is null
        ? "\nNext, your own rows: [bold]--data file.tsv --text COLUMN --label COLUMN[/], and a larger encoder: [bold]--base FOLDER[/] of Hugging Face files"
        : "\nNext: what else can be chosen is in [bold]LoraTextOptions[/]; README.md shows how");
}
