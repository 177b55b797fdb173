using LoRA.MLNet.Operations;
using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Torch;

/// <summary>
/// Leaves out the layers below everything that trains, where the rows are known above them; otherwise finds the states to keep. For one forward
/// pass over packed rows, in training.
/// </summary>
/// <param name="inner">Operations on tensors, as the fine-tuning method changes them.</param>
/// <param name="states">What is known of rows.</param>
/// <param name="packing">The rows.</param>
internal sealed class FrozenOperations(IOperations<Tensor> inner, FrozenStates states, RowPacking packing) : OperationsDecorator<Tensor>(inner)
{
    private readonly Tensor? _known = states.Of(packing);
    private readonly long _masks = states.Masks;
    private Tensor? _frozen;
    private int _frozenLayers;
    private int _layer;

    public override Tensor Block(string path, Tensor x, Func<Tensor, Tensor> body)
    {
        // embeddings: next to no work, and some encoders go on outside of a block
        if (x.is_integral())
        {
            return Inner.Block(path, x, body);
        }

        _layer++;
        if (_known is not null && _layer <= states.Layers)
        {
            return _layer == states.Layers ? _known : x;
        }

        var result = Inner.Block(path, x, body);
        if (!result.requires_grad && states.Masks == _masks)
        {
            (_frozen, _frozenLayers) = (result, _layer);
        }

        return result;
    }

    /// <summary>Keeps what this pass found.</summary>
    public void Keep()
    {
        if (_frozen is not null)
        {
            states.Keep(packing, _frozenLayers, _frozen);
        }
    }
}
