using LoRA.MLNet.Operations;
using LoRA.MLNet.Torch;
using TorchSharp;

namespace LoRA.MLNet.Training;

/// <summary>
/// Gives a head that the checkpoint lacks its first values, from the features of the encoder as it is: <see cref="LinearProbe"/>.
/// </summary>
/// <param name="input">What is trained.</param>
/// <param name="module">The head's last linear module.</param>
/// <param name="features">Reads its inputs.</param>
/// <param name="weights">Hold it, if it trains.</param>
/// <param name="classWeights">Weights of the classes; null for equal ones.</param>
internal sealed class HeadStart(
    TrainingInput input, ModuleShape module, FeatureReader features, TorchWeights weights, float[]? classWeights)
{
    // enough for a start
    private const int MostRows = 10_000;

    /// <summary>Fits the module, unless the checkpoint has it.</summary>
    public void Fit(IReadOnlyList<TrainingRow> rows, CancellationToken cancellation)
    {
        if (input.Weights.ContainsKey($"{module.Path}.weight") || !weights.Trainable.TryGetValue($"{module.Path}.weight", out var weight))
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var (inputs, targets) = features.Read(rows, MostRows, cancellation);
        var (fitted, bias) = LinearProbe.Fit(inputs, targets, input.Outputs, classWeights, input.Task, module.Bias);
        weight.copy_(module.Transposed ? fitted.t() : fitted);
        if (module.Bias)
        {
            weights.Trainable[$"{module.Path}.bias"].copy_(bias);
        }
    }
}
