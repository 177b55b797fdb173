using LoRA.MLNet.Checkpoints;

namespace LoRA.MLNet.Training;

/// <summary>What training gives.</summary>
/// <param name="Weights">Trained values for the keys of the adaptation's weights, 32-bit: those of the best epoch.</param>
/// <param name="Report">What happened.</param>
internal sealed record TrainingResult(IReadOnlyDictionary<string, WeightTensor> Weights, TrainingReport Report)
{
    /// <summary>Layers, from the lowest, that only the first epoch computed.</summary>
    public int CachedLayers { get; init; }
}
