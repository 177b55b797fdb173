using System.Collections.Immutable;
using LoRA.MLNet.Operations;

namespace LoRA.MLNet.Encoders;

/// <summary>Every module and weight of an encoder with its classification head.</summary>
/// <param name="Modules">The modules, in the order of first use.</param>
/// <param name="Weights">Shape of every weight by its Hugging Face key.</param>
/// <param name="HeadModules">Paths of the modules that only classification uses; a fresh checkpoint lacks them.</param>
/// <param name="DefaultTargetModules">The modules PEFT adapts by default in the encoder's family.</param>
internal sealed record ModuleInventory(
    IReadOnlyList<ModuleShape> Modules,
    IReadOnlyDictionary<string, ImmutableArray<int>> Weights,
    IReadOnlySet<string> HeadModules,
    IReadOnlyList<string> DefaultTargetModules)
{
    /// <summary>The linear module that gives the logits.</summary>
    public ModuleShape Classifier => Modules.Last(module => HeadModules.Contains(module.Path));

    /// <summary>Lists what <paramref name="encoder"/> needs to classify into so many labels.</summary>
    public static ModuleInventory Of(Encoder encoder, int labels, Pooling pooling)
    {
        var operations = new ShapeOperations();
        var ids = Shape.Of(1, Math.Min(4, encoder.MaxPositions));
        var inputs = new EncoderInputs<Shape>(ids, ids, ids);
        var hidden = encoder.Encode(operations, inputs);
        var body = operations.Modules.Select(module => module.Path).ToHashSet(StringComparer.Ordinal);
        encoder.Classify(operations, hidden, inputs, labels, pooling);
        var head = operations.Modules.Select(module => module.Path).Where(path => !body.Contains(path)).ToHashSet(StringComparer.Ordinal);
        return new ModuleInventory([.. operations.Modules], operations.Weights, head, encoder.DefaultTargetModules);
    }

    /// <summary>Whether a weight belongs to the classification head.</summary>
    public bool IsHead(string key) => HeadModules.Contains(key[..Math.Max(0, key.LastIndexOf('.'))]);
}
