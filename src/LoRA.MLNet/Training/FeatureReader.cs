using LoRA.MLNet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Training;

/// <summary>What the encoder, as it is now, gives the last linear module of the head.</summary>
/// <param name="input">The rows' encoder and task.</param>
/// <param name="model">The model.</param>
/// <param name="module">Path of the module.</param>
internal sealed class FeatureReader(TrainingInput input, TorchModel model, string module)
{
    // no gradients are kept, so batches may be larger than in training
    private const int BatchSize = 64;

    /// <summary>
    /// The features [n, h] and the targets [n] of at most so many of the rows, evenly taken; in an order of their own. They belong to the
    /// caller's dispose scope.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (Tensor Features, Tensor Targets) Read(IReadOnlyList<TrainingRow> rows, int most, CancellationToken cancellation)
    {
        using var noGradient = torch.no_grad();
        var every = (rows.Count + most - 1) / most;
        TrainingRow[] taken = [.. rows.Where((_, row) => row % every == 0)];
        var (features, targets) = (new List<Tensor>(), new List<Tensor>());
        foreach (var indices in BatchPlan.Sorted(taken, BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var batch = TorchBatch.Of([.. indices.Select(index => taken[index])], input.Encoder, input.Task, input.Device);
            features.Add(model.Features(module, batch.Inputs, training: false).MoveToOuterDisposeScope());
            targets.Add(batch.Targets.MoveToOuterDisposeScope());
        }

        return (torch.cat(features), torch.cat(targets));
    }
}
