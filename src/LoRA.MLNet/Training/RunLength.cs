namespace LoRA.MLNet.Training;

/// <summary>How long a run is: what the options say, or what suits so many rows.</summary>
/// <param name="ContrastiveSteps">Steps of <see cref="ContrastiveStage"/>.</param>
/// <param name="Epochs">Passes over the rows.</param>
/// <param name="StepsPerEpoch">Steps of a pass.</param>
internal sealed record RunLength(int ContrastiveSteps, int Epochs, int StepsPerEpoch)
{
    private const int UsualContrastiveSteps = 60;

    /// <summary>Steps of all epochs.</summary>
    public int EpochSteps => Epochs * StepsPerEpoch;

    /// <summary>Steps of the whole run.</summary>
    public int Steps => ContrastiveSteps + EpochSteps;

    /// <summary>The length of a run.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="rows">Number of training rows.</param>
    /// <param name="contrasts">Whether a contrastive stage is likely to help.</param>
    public static RunLength Of(TrainingOptions options, int rows, bool contrasts)
    {
        var perStep = options.BatchSize * (long)options.GradientAccumulationSteps;
        return new(
            options.ContrastiveSteps ?? (contrasts ? UsualContrastiveSteps : 0), options.Epochs, (int)((rows + perStep - 1) / perStep));
    }
}
