using LoRA.MLNet.Encoders;
using TorchSharp;

namespace LoRA.MLNet.Training;

/// <summary>What suits few rows a class, where the options leave it open; measured, see docs/accuracy.md.</summary>
/// <param name="input">What is trained.</param>
/// <param name="inventory">The model's modules.</param>
/// <param name="features">Reads what the encoder as it is makes of rows.</param>
internal sealed class FewRows(TrainingInput input, ModuleInventory inventory, FeatureReader features)
{
    // more rows soon correct a random head, and teach the encoder more by their labels
    private const int PerOutput = 100;

    // enough to tell whether classes are told apart
    private const int MostRowsToMeasure = 1_000;

    /// <summary>How a head starts that the checkpoint lacks.</summary>
    public HeadInitialization HeadFor(IReadOnlyList<TrainingRow> rows) =>
        AreFew(rows) ? HeadInitialization.LinearProbe : HeadInitialization.Random;

    /// <summary>
    /// Whether a contrastive stage is likely to help: rows of a class are alike if they are single texts, a head that the checkpoint has would
    /// no longer fit, something else than the head must train, and there must be something to make clearer: where the encoder does not tell
    /// the classes apart at all, the stage learns the rows by heart, which with more than a few of them does harm.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool AreToContrast(IReadOnlyList<TrainingRow> rows, CancellationToken cancellation) =>
        input.Task == TrainingTask.Classification && AreFew(rows) && !input.ArePairs
        && !input.Weights.ContainsKey($"{inventory.Classifier.Path}.weight")
        && input.Adaptation.Weights.Keys.Any(key => !inventory.IsHead(key))
        && MayBeToldApart(rows, cancellation);

    private bool AreFew(IReadOnlyList<TrainingRow> rows) => rows.Count < (long)PerOutput * input.Outputs;

    private bool MayBeToldApart(IReadOnlyList<TrainingRow> rows, CancellationToken cancellation)
    {
        using var scope = torch.NewDisposeScope();
        var (read, classes) = features.Read(rows, MostRowsToMeasure, cancellation);
        var separation = ClassSeparation.Of(read, classes);
        return separation.IsReal || !separation.IsSharp;
    }
}
