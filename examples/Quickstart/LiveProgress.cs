using LoRA.MLNet;
using Spectre.Console;

namespace Quickstart;

/// <summary>A bar that follows the training.</summary>
internal static class LiveProgress
{
    public static TModel Show<TModel>(Func<IProgress<TrainingProgress>, TModel> fit) => AnsiConsole.Progress()
        .Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context => fit(new Bar(context.AddTask("reading"))));

    private sealed class Bar(ProgressTask task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            task.MaxValue = value.Steps;
            task.Value = value.Step;
            var part = value.Epoch == 0 ? "contrastive stage" : $"epoch {value.Epoch}";
            task.Description = $"{part}  loss {value.Loss:F3}  {value.RowsPerSecond:F0} rows/s  {value.TimeLeft:mm\\:ss} left";
        }
    }
}
