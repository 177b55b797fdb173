using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Torch;

/// <summary>
/// The hidden states that rows have below everything that trains. Where nothing is dropped there, they are the same in every epoch: the first epoch
/// keeps them, in the precision of the computation, and later ones begin above.
/// </summary>
/// <param name="dropout">Dropout of the training; null for none.</param>
internal sealed class FrozenStates(TorchDropout? dropout) : IDisposable
{
    private const int ShareOfMemory = 4;

    private readonly Dictionary<object, Tensor> _states = new(ReferenceEqualityComparer.Instance);

    /// <summary>Layers, from the lowest, that later epochs leave out; 0 until a batch was kept, and where a layer trains or drops something.</summary>
    public int Layers { get; private set; }

    /// <summary>How many masks were drawn until now: where it changes, something is dropped.</summary>
    public long Masks => dropout?.Position ?? 0;

    /// <summary>Whether rows of so many tokens together take no more than a quarter of the memory that there is.</summary>
    public static bool Fit(long tokens, int features, ScalarType type) =>
        (double)tokens * features * type.ElementSize() <= GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory;

    /// <summary>The states of packed rows, [1, t, h], in the caller's dispose scope; null where one of the rows was not seen before.</summary>
    public Tensor? Of(RowPacking packing) => Layers > 0 && packing.Rows.All(_states.ContainsKey)
        ? torch.cat([.. packing.Rows.Select((row, i) => Resize(_states[row], packing.Lengths[i]))]).unsqueeze(0)
        : null;

    /// <summary>Keeps the states, [1, t, h], that packed rows have above so many layers.</summary>
    public void Keep(RowPacking packing, int layers, Tensor states)
    {
        Layers = layers;
        var parts = states.squeeze(0).split([.. packing.Lengths.Select(length => (long)length)]);
        for (var i = 0; i < parts.Length; i++)
        {
            if (_states.TryAdd(packing.Rows[i], parts[i]))
            {
                parts[i].DetachFromDisposeScope();
            }
        }
    }

    // rows have more or fewer masked places in another batch
    private static Tensor Resize(Tensor states, int length) => states.shape[0] >= length
        ? states.narrow(0, 0, length)
        : nn.functional.pad(states, (long[])[0, 0, 0, length - states.shape[0]]);

    public void Dispose()
    {
        foreach (var states in _states.Values)
        {
            states.Dispose();
        }

        _states.Clear();
    }
}
