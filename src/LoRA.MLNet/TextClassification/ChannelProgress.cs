using Microsoft.ML.Runtime;

namespace LoRA.MLNet.TextClassification;

/// <summary>Tells the context's log of every epoch and the caller of every step.</summary>
internal sealed class ChannelProgress(FineTuningJob job) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.EndsEpoch && value.Epoch == 0)
        {
            job.Channel.Info(
                MessageSensitivity.None,
                "contrastive stage of {0} steps: loss {1:F4}, {2:F0} rows/s",
                value.Step, value.Loss, value.RowsPerSecond);
        }
        else if (value.EndsEpoch)
        {
            job.Channel.Info(
                MessageSensitivity.None,
                "epoch {0} of {1}: loss {2:F4}, {3} {4} before it, {5:F0} rows/s, {6} left",
                value.Epoch, value.Epochs, value.Loss, job.Options.Training.Metric, value.Metric?.ToString("F4") ?? "not measured",
                value.RowsPerSecond, value.TimeLeft.ToString(@"hh\:mm\:ss"));
        }

        job.Options.Progress?.Report(value);
    }
}
