using Microsoft.ML;
using Microsoft.ML.Data;
using Spectre.Console;

namespace Quickstart;

/// <summary>What the example prints.</summary>
internal static class Report
{
    public static void Accuracies(MulticlassClassificationMetrics lora, MulticlassClassificationMetrics baseline)
    {
        var table = new Table().AddColumns("Test set", "Accuracy", "Macro accuracy");
        table.AddRow("FeaturizeText + LbfgsMaximumEntropy", $"{baseline.MicroAccuracy:P1}", $"{baseline.MacroAccuracy:P1}");
        table.AddRow("[bold]LoRA[/]", $"[bold]{lora.MicroAccuracy:P1}[/]", $"[bold]{lora.MacroAccuracy:P1}[/]");
        AnsiConsole.Write(table);
    }

    public static void Confusion(ConfusionMatrix matrix, DataViewSchema.Column label)
    {
        var names = Names(label);
        var table = new Table { Title = new TableTitle("Rows: true department, columns: predicted, by number") };
        table.AddColumn(new TableColumn("").NoWrap());
        for (var i = 0; i < names.Length; i++)
        {
            table.AddColumn(new TableColumn($"{i + 1}").RightAligned().NoWrap());
        }

        for (var i = 0; i < names.Length; i++)
        {
            var cells = Enumerable.Range(0, names.Length).Select(j => Cell(matrix.Counts[i][j], i == j));
            table.AddRow([$"{i + 1} {names[i].EscapeMarkup()}", .. cells]);
        }

        AnsiConsole.Write(table);
    }

    public static void Predictions(PredictionEngine<Message, Prediction> engine, IEnumerable<string> texts)
    {
        var table = new Table().AddColumns("Message", "Department", "Confidence");
        foreach (var text in texts)
        {
            var prediction = engine.Predict(new Message { Text = text });
            table.AddRow(text.EscapeMarkup(), prediction.PredictedLabel.EscapeMarkup(), $"{prediction.Score.Max():P0}");
        }

        AnsiConsole.Write(table);
    }

    private static string[] Names(DataViewSchema.Column label)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        label.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => value.ToString())];
    }

    private static string Cell(double count, bool isRight) =>
        count == 0 ? "[grey].[/]" : isRight ? $"[green]{count:F0}[/]" : $"[red]{count:F0}[/]";
}
