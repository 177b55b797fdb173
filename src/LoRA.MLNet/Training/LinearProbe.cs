using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoRA.MLNet.Training;

/// <summary>
/// Logistic regression of classes, or ridge regression of numbers, over fixed features: accelerated gradient descent (Nesterov 1983), the
/// same on every run.
/// </summary>
internal static class LinearProbe
{
    // of features of unit mean square, their mean included: where they hardly differ from it, as those of an encoder that was never trained,
    // the weights stay small and training stable
    private const double Ridge = 0.1;
    private const int Steps = 300;

    /// <summary>The module's weight [outputs, h] and bias [outputs], from rows as training has them.</summary>
    /// <param name="features">[n, h].</param>
    /// <param name="targets">Classes or numbers, [n].</param>
    /// <param name="outputs">Classes, or 1.</param>
    /// <param name="classWeights">What a row of each class counts; null where all count the same.</param>
    /// <param name="task">What the targets are.</param>
    /// <param name="bias">Whether the module has a bias; without one it stays 0.</param>
    public static (Tensor Weight, Tensor Bias) Fit(
        Tensor features, Tensor targets, int outputs, float[]? classWeights, TrainingTask task, bool bias)
    {
        using var scope = torch.NewDisposeScope();
        var wanted = task == TrainingTask.Classification ? functional.one_hot(targets, outputs).to(ScalarType.Float32) : targets.unsqueeze(1);
        var shares = classWeights is null
            ? torch.ones(targets.shape[0], device: features.device)
            : torch.tensor(classWeights, device: features.device).index_select(0, targets);
        var (weight, offset) = Fit(features, wanted, shares / shares.sum(), task, bias);
        return (weight.MoveToOuterDisposeScope(), offset.MoveToOuterDisposeScope());
    }

    /// <summary>The module's weight [outputs, h] and bias [outputs].</summary>
    /// <param name="features">[n, h].</param>
    /// <param name="targets">What the outputs are to be, [n, outputs]: probabilities, or numbers.</param>
    /// <param name="shares">What each row counts, [n]; they add up to 1.</param>
    /// <param name="task">Whether the outputs are logits or numbers.</param>
    /// <param name="bias">Whether the module has a bias; without one it stays 0.</param>
    public static (Tensor Weight, Tensor Bias) Fit(Tensor features, Tensor targets, Tensor shares, TrainingTask task, bool bias)
    {
        using var scope = torch.NewDisposeScope();
        shares = shares.unsqueeze(1);
        var mean = bias ? (features * shares).sum(dim: 0) : torch.zeros(features.shape[1], device: features.device);
        var centred = features - mean;
        var scale = (features.square() * shares).sum().sqrt().clamp_min(1e-12);
        var (weight, offset) = Descend(centred / scale, targets, shares, task, bias);
        weight /= scale;
        return (weight.MoveToOuterDisposeScope(), (offset - weight.matmul(mean)).MoveToOuterDisposeScope());
    }

    private static (Tensor Weight, Tensor Bias) Descend(Tensor x, Tensor targets, Tensor shares, TrainingTask task, bool bias)
    {
        var ridge = Ridge / x.shape[0];
        var step = 1 / (1 + ridge); // x has a mean square of at most 1, so no curvature of either loss is greater
        var (weight, offset) = (torch.zeros(targets.shape[1], x.shape[1], device: x.device), torch.zeros(targets.shape[1], device: x.device));
        var (lastWeight, lastOffset, momentum) = (weight, offset, 1.0);
        for (var i = 0; i < Steps; i++)
        {
            using var scope = torch.NewDisposeScope();
            var next = (1 + Math.Sqrt(1 + (4 * momentum * momentum))) / 2;
            var ahead = (momentum - 1) / next;
            var (w, b) = (weight + (ahead * (weight - lastWeight)), offset + (ahead * (offset - lastOffset)));
            var outputs = functional.linear(x, w, b);
            var error = ((task == TrainingTask.Classification ? functional.softmax(outputs, dim: 1) : outputs) - targets) * shares;
            (lastWeight, lastOffset, momentum) = (weight, offset, next);
            weight = (w - (step * (error.t().matmul(x) + (ridge * w)))).MoveToOuterDisposeScope();
            offset = (bias ? b - (step * error.sum(dim: 0)) : b).MoveToOuterDisposeScope();
        }

        return (weight, offset);
    }
}
