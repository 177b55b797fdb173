namespace LoRA.MLNet;

/// <summary>What a training run did.</summary>
public sealed record TrainingReport
{
    /// <summary>Every epoch that ran.</summary>
    public required IReadOnlyList<TrainingEpoch> Epochs { get; init; }

    /// <summary>The epoch, from 1, whose weights were kept: the best by the metric, or the last without validation rows.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Whether early stopping ended the run.</summary>
    public required bool StoppedEarly { get; init; }

    /// <summary>Optimizer steps of all epochs.</summary>
    public required int Steps { get; init; }

    /// <summary>Steps of the contrastive stage before the first epoch.</summary>
    public int ContrastiveSteps { get; init; }

    /// <summary>Rows trained on.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows validated on.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>Rows, of training and validation, of which tokens were cut off to respect the maximum length.</summary>
    public required int TruncatedRows { get; init; }

    /// <summary>Numbers that trained.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>Seconds from the first step to the end.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training rows per second, validation time left out.</summary>
    public required double RowsPerSecond { get; init; }

    /// <summary>Highest physical memory of the whole process until the end of training, in bytes; 0 where the system does not tell.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>The number format that was computed in.</summary>
    public required TrainingPrecision Precision { get; init; }

    /// <summary>Why it was that one.</summary>
    public required string PrecisionReason { get; init; }

    /// <summary>The seed that repeats this run.</summary>
    public required int Seed { get; init; }
}
