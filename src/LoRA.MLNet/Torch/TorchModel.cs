using LoRA.MLNet.Adapters;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Operations;
using static TorchSharp.torch;

namespace LoRA.MLNet.Torch;

/// <summary>An encoder with its head, a fine-tuning method and the weights of both, ready to run.</summary>
/// <param name="encoder">The architecture.</param>
/// <param name="outputs">Logits per row.</param>
/// <param name="pooling">What is classified of a row.</param>
/// <param name="weights">The weights; the caller keeps and disposes them.</param>
/// <param name="adaptation">The method that <paramref name="weights"/> hold the trainable weights of.</param>
/// <param name="dropout">Dropout while training; null for none.</param>
/// <param name="checkpointing">Whether layers are computed again in the backward pass.</param>
/// <param name="frozen">What is kept of packed rows below everything that trains; null to keep nothing.</param>
internal sealed class TorchModel(
    Encoder encoder,
    int outputs,
    Pooling pooling,
    TorchWeights weights,
    Adaptation adaptation,
    TorchDropout? dropout,
    bool checkpointing,
    FrozenStates? frozen = null)
{
    private readonly TorchOperations _training = new(weights, dropout, checkpointing);
    private readonly TorchOperations _evaluation = new(weights);

    /// <summary>Logits [b, outputs], 32-bit. Tensors in between belong to the caller's dispose scope.</summary>
    /// <param name="inputs">What the encoder reads.</param>
    /// <param name="training">Whether there is dropout.</param>
    /// <param name="packing">How rows are packed; null where they are padded.</param>
    public Tensor Logits(EncoderInputs<Tensor> inputs, bool training, RowPacking? packing = null)
    {
        var operations = Operations(training, packing);
        var hidden = training && frozen is not null && packing is not null
            ? AboveFrozen(new FrozenOperations(operations, frozen, packing), inputs)
            : encoder.Encode(operations, inputs);
        return encoder.Classify(operations, hidden, inputs, outputs, pooling);
    }

    /// <summary>What a linear module of the head reads, [b, h], 32-bit. Tensors in between belong to the caller's dispose scope.</summary>
    /// <param name="module">Path of the module.</param>
    /// <param name="inputs">What the encoder reads.</param>
    /// <param name="training">Whether there is dropout.</param>
    /// <param name="packing">How rows are packed; null where they are padded.</param>
    public Tensor Features(string module, EncoderInputs<Tensor> inputs, bool training, RowPacking? packing = null)
    {
        var operations = new HeadInputOperations<Tensor>(Operations(training, packing), module);
        encoder.Classify(operations, encoder.Encode(operations, inputs), inputs, outputs, pooling);
        return operations.Input!.to(ScalarType.Float32);
    }

    private IOperations<Tensor> Operations(bool training, RowPacking? packing)
    {
        IOperations<Tensor> plain = training ? _training : _evaluation;
        return adaptation.Decorate(packing is null ? plain : new PackedOperations(plain, packing), training && dropout is not null);
    }

    private Tensor AboveFrozen(FrozenOperations operations, EncoderInputs<Tensor> inputs)
    {
        var hidden = encoder.Encode(operations, inputs);
        operations.Keep();
        return hidden;
    }
}
