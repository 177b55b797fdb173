namespace LoRA.MLNet.Training;

/// <summary>How long a run is: what the options say, or what suits so many rows.</summary>
/// <param name="ContrastiveSteps">Steps of <see cref="ContrastiveStage"/>.</param>
/// <param name="Epochs">Passes over the rows.</param>
/// <param name="StepsPerEpoch">Steps of a pass.</param>
internal sealed record RunLength(int ContrastiveSteps, int Epochs, int StepsPerEpoch)
{
    private const int UsualEpochs = 5;

    // of fewer rows the usual epochs are so few steps that an adapter hardly leaves its start
    private const int FewRows = 100;
    private const int UsualContrastiveSteps = 60;
    private const int EpochsAfterContrast = 1;

    /// <summary>Steps of all epochs.</summary>
    public int Steps => Epochs * StepsPerEpoch;

    /// <summary>The length of a run.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="rows">Number of training rows.</param>
    /// <param name="contrasts">Whether a contrastive stage suits them, if they are few.</param>
    public static RunLength Of(TrainingOptions options, int rows, bool contrasts)
    {
        var perStep = options.BatchSize * (long)options.GradientAccumulationSteps;
        var contrastive = options.ContrastiveSteps ?? (contrasts && rows < FewRows ? UsualContrastiveSteps : 0);
        return new(
            contrastive, options.Epochs ?? (contrastive > 0 ? EpochsAfterContrast : UsualEpochs), (int)((rows + perStep - 1) / perStep));
    }
}
