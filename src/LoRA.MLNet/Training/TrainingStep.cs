using LoRA.MLNet.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Training;

/// <summary>One update of the weights: forward and backward over each batch, averaged, clipped, then the optimizer.</summary>
/// <param name="encoder">What batches are made for.</param>
/// <param name="loss">The mean loss of a batch; its tensors belong to the caller's dispose scope.</param>
/// <param name="optimizer">Holds the weights.</param>
/// <param name="task">What targets are.</param>
/// <param name="maxGradNorm">Limit of the gradient's norm; null for none.</param>
/// <param name="device">Where batches live.</param>
/// <param name="packs">Whether rows are packed rather than padded.</param>
/// <param name="rounds">Whether packed batches are filled up to numbers of tokens that recur.</param>
internal sealed class TrainingStep(
    Encoder encoder,
    Func<TorchBatch, Tensor> loss,
    AdamW optimizer,
    TrainingTask task,
    double? maxGradNorm,
    Device device,
    bool packs = false,
    bool rounds = true)
{
    /// <param name="batches">Batches to average over.</param>
    /// <param name="rate">Factor of the learning rates.</param>
    /// <param name="cancellation">Checked before each batch.</param>
    /// <returns>The mean loss and the gradient's norm before clipping. Where either is not finite, nothing was updated.</returns>
    public (double Loss, double GradientNorm) Run(
        IReadOnlyList<IReadOnlyList<TrainingRow>> batches, double rate, CancellationToken cancellation = default)
    {
        optimizer.ZeroGradients();
        var total = 0.0;
        foreach (var rows in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            total += Accumulate(rows, batches.Count);
        }

        var norm = optimizer.ClipGradients(maxGradNorm);
        if (double.IsFinite(total) && double.IsFinite(norm))
        {
            optimizer.Step(rate);
        }

        return (total / batches.Count, norm);
    }

    private double Accumulate(IReadOnlyList<TrainingRow> rows, int parts)
    {
        using var scope = torch.NewDisposeScope();
        var batch = packs ? TorchBatch.Packed(rows, encoder, task, device, rounds) : TorchBatch.Of(rows, encoder, task, device);
        var mean = loss(batch);
        (parts == 1 ? mean : mean / parts).backward();
        return mean.item<float>();
    }
}
