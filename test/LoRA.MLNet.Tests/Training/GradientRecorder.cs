using LoRA.MLNet.Operations;
using static TorchSharp.torch;

namespace LoRA.MLNet.Tests.Training;

/// <summary>Remembers of every block whether its result takes part in the backward pass.</summary>
internal sealed class GradientRecorder(IOperations<Tensor> inner) : OperationsDecorator<Tensor>(inner)
{
    public List<bool> Blocks { get; } = [];

    public override Tensor Block(string path, Tensor x, Func<Tensor, Tensor> body)
    {
        var result = Inner.Block(path, x, body);
        Blocks.Add(result.requires_grad);
        return result;
    }
}
