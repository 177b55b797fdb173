using LoRA.MLNet.Adapters;
using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Encoders;
using TorchSharp;

namespace LoRA.MLNet.Training;

/// <summary>What is trained, and on what.</summary>
internal sealed record TrainingInput
{
    public required Encoder Encoder { get; init; }

    public required Pooling Pooling { get; init; }

    public required TrainingTask Task { get; init; }

    /// <summary>Classes, or 1 in regression.</summary>
    public required int Outputs { get; init; }

    /// <summary>The base's weights; those that also train are not read.</summary>
    public required IReadOnlyDictionary<string, WeightTensor> Weights { get; init; }

    /// <summary>What trains, from which values, and how it changes the computation.</summary>
    public required Adaptation Adaptation { get; init; }

    public required IReadOnlyList<TrainingRow> Rows { get; init; }

    /// <summary>Whether rows are pairs of texts.</summary>
    public bool ArePairs { get; init; }

    /// <summary>Rows to validate on; null to hold out <see cref="TrainingOptions.ValidationFraction"/> of the rows.</summary>
    public IReadOnlyList<TrainingRow>? ValidationRows { get; init; }

    /// <summary>LoRA+'s factor of B's learning rate.</summary>
    public double LoraPlusRatio { get; init; } = 1;

    /// <summary>Seed where the options give none; null draws one.</summary>
    public int? Seed { get; init; }

    public TrainingOptimizations Optimizations { get; init; } = new();

    public torch.Device Device { get; init; } = torch.CPU;
}
