namespace LoRA.MLNet;

/// <summary>Where a training run is, after each step.</summary>
/// <param name="Epoch">The epoch, from 1; 0 in the contrastive stage.</param>
/// <param name="Epochs">Epochs of the whole run.</param>
/// <param name="Step">Steps done, those of the contrastive stage included.</param>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="Loss">Loss of the step.</param>
/// <param name="Metric">
/// Value of <see cref="TrainingOptions.Metric"/> on the validation rows after the last finished epoch; null before, or without such rows.
/// </param>
/// <param name="RowsPerSecond">Training rows per second so far.</param>
/// <param name="TimeLeft">Expected time to the end, if training does not stop early.</param>
/// <param name="EndsEpoch">Whether the step is the last of its epoch, or of the contrastive stage.</param>
public sealed record TrainingProgress(
    int Epoch, int Epochs, int Step, int Steps, double Loss, double? Metric, double RowsPerSecond, TimeSpan TimeLeft, bool EndsEpoch);
