using LoRA.MLNet.Encoders;
using LoRA.MLNet.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoRA.MLNet.Training;

/// <summary>
/// Gives a head that the checkpoint lacks its first values, from the features of the encoder as it is: <see cref="LinearProbe"/>.
/// </summary>
internal sealed class HeadStart(TrainingInput input, TorchModel model, TorchWeights weights, float[]? classWeights)
{
    // no gradients are kept, so batches may be larger than in training
    private const int BatchSize = 64;

    // more rows soon correct a random head
    private const int FewRowsPerOutput = 100;

    // enough for a start; of more rows, every so manyth is read
    private const int MostRows = 10_000;

    /// <summary>How a head starts by default that is to learn from so many rows.</summary>
    public HeadInitialization DefaultFor(int rows) =>
        rows < (long)FewRowsPerOutput * input.Outputs ? HeadInitialization.LinearProbe : HeadInitialization.Random;

    /// <summary>Fits the head's last linear module, unless the checkpoint has it.</summary>
    /// <returns>Whether it was fitted.</returns>
    public bool Fit(IReadOnlyList<TrainingRow> rows, CancellationToken cancellation)
    {
        var module = ModuleInventory.Of(input.Encoder, input.Outputs, input.Pooling).Classifier;
        if (input.Weights.ContainsKey($"{module.Path}.weight") || !weights.Trainable.TryGetValue($"{module.Path}.weight", out var weight))
        {
            return false;
        }

        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var every = (rows.Count + MostRows - 1) / MostRows;
        var (features, targets) = Features(module.Path, [.. rows.Where((_, row) => row % every == 0)], cancellation);
        var (fitted, bias) = LinearProbe.Fit(features, Wanted(targets), Shares(targets), input.Task, module.Bias);
        weight.copy_(module.Transposed ? fitted.t() : fitted);
        if (module.Bias)
        {
            weights.Trainable[$"{module.Path}.bias"].copy_(bias);
        }

        return true;
    }

    private (Tensor Features, Tensor Targets) Features(string module, TrainingRow[] rows, CancellationToken cancellation)
    {
        var (features, targets) = (new List<Tensor>(), new List<Tensor>());
        foreach (var indices in BatchPlan.Sorted(rows, BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var batch = TorchBatch.Of([.. indices.Select(index => rows[index])], input.Encoder, input.Task, input.Device);
            features.Add(model.Features(module, batch.Inputs, training: false).MoveToOuterDisposeScope());
            targets.Add(batch.Targets.MoveToOuterDisposeScope());
        }

        return (torch.cat(features), torch.cat(targets));
    }

    private Tensor Wanted(Tensor targets) => input.Task == TrainingTask.Classification
        ? functional.one_hot(targets, input.Outputs).to(ScalarType.Float32)
        : targets.unsqueeze(1);

    private Tensor Shares(Tensor targets)
    {
        var shares = classWeights is null
            ? torch.ones(targets.shape[0], device: input.Device)
            : torch.tensor(classWeights, device: input.Device).index_select(0, targets);
        return shares / shares.sum();
    }
}
