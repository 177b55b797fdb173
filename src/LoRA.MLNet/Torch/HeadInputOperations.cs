using LoRA.MLNet.Operations;

namespace LoRA.MLNet.Torch;

/// <summary>Keeps what one linear module reads: of a head's last, the features that it classifies.</summary>
/// <param name="inner">The operations to decorate.</param>
/// <param name="module">Path of the module.</param>
internal sealed class HeadInputOperations<T>(IOperations<T> inner, string module) : OperationsDecorator<T>(inner)
{
    /// <summary>What the module read.</summary>
    public T? Input { get; private set; }

    public override T Linear(string path, T x, int outFeatures, bool bias = true, bool transposed = false)
    {
        Input = path == module ? x : Input;
        return Inner.Linear(path, x, outFeatures, bias, transposed);
    }
}
