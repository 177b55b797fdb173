using LoRA.MLNet.Adapters;
using LoRA.MLNet.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Torch;

/// <summary>
/// The one owner of a model's tensors: frozen weights in the precision of the computation, and over them the weights that train, which are
/// 32-bit masters whatever that precision is.
/// </summary>
/// <remarks>
/// Frozen vectors (biases, LayerNorm) stay 32-bit: they take next to no memory and LayerNorm reads them so. Whoever uses a weight in another
/// type gets a copy; of a frozen weight it is kept, of a training one autograd carries the cast.
/// </remarks>
internal sealed class TorchWeights : IDisposable
{
    private readonly Dictionary<string, Tensor> _frozen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _trainable = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Key, ScalarType Type), Tensor> _casts = [];

    /// <summary>Copies weights into libtorch.</summary>
    /// <param name="frozen">Weights without a gradient. Those of integer type are left out.</param>
    /// <param name="trainable">Weights with a gradient; a key that is also frozen hides the frozen weight.</param>
    /// <param name="precision">Float32 or BFloat16: what frozen matrices are kept in and the computation runs in.</param>
    /// <param name="device">Where they live.</param>
    public TorchWeights(
        IReadOnlyDictionary<string, WeightTensor> frozen,
        IReadOnlyDictionary<string, WeightTensor> trainable,
        ScalarType precision,
        Device device)
    {
        TorchRuntime.EnsureLoaded();
        (Precision, Device) = (precision, device);
        try
        {
            foreach (var (key, weight) in frozen.Where(entry => entry.Value.IsFloating && !trainable.ContainsKey(entry.Key)))
            {
                _frozen[key] = TorchTensors.From(weight, weight.Shape.Length > 1 ? precision : ScalarType.Float32, device);
            }

            foreach (var (key, weight) in trainable)
            {
                _trainable[key] = TorchTensors.From(weight, ScalarType.Float32, device).requires_grad_(true);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the computation runs in.</summary>
    public ScalarType Precision { get; }

    public Device Device { get; }

    /// <summary>The weights that train, by key.</summary>
    public IReadOnlyDictionary<string, Tensor> Trainable => _trainable;

    /// <summary>A weight as it is kept.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public Tensor this[string key] => _trainable.TryGetValue(key, out var tensor) || _frozen.TryGetValue(key, out tensor)
        ? tensor
        : throw new KeyNotFoundException(
            $"The encoder asks for the weight \"{key}\", which is neither among the {_frozen.Count} frozen nor among the {_trainable.Count} "
            + $"trainable weights. Nearest names: {string.Join(", ", NearestNames.To(key, _frozen.Keys.Concat(_trainable.Keys)))}.");

    /// <summary>A weight in a given type.</summary>
    public Tensor Get(string key, ScalarType type)
    {
        var tensor = this[key];
        if (tensor.dtype == type)
        {
            return tensor;
        }

        if (tensor.requires_grad)
        {
            return tensor.to(type);
        }

        if (!_casts.TryGetValue((key, type), out var cast))
        {
            _casts[(key, type)] = cast = tensor.to(type).DetachFromDisposeScope();
        }

        return cast;
    }

    /// <summary>The values of the weights that train, as they are now.</summary>
    public IReadOnlyDictionary<string, WeightTensor> ExportTrainable() =>
        _trainable.ToDictionary(entry => entry.Key, entry => TorchTensors.ToWeight(entry.Value), StringComparer.Ordinal);

    /// <summary>Frees every tensor.</summary>
    public void Dispose()
    {
        foreach (var tensor in _frozen.Values.Concat(_trainable.Values).Concat(_casts.Values))
        {
            tensor.Dispose();
        }

        _frozen.Clear();
        _trainable.Clear();
        _casts.Clear();
    }
}
