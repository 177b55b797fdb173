using Microsoft.ML;
using Microsoft.ML.Data;

namespace LoRA.MLNet;

/// <summary>Quantizes the text model within a fitted pipeline.</summary>
public static class QuantizationExtensions
{
    /// <summary>
    /// The same pipeline with its text model scoring in 8-bit integers (<see cref="LoraTextTransformer.Quantize"/>). Its
    /// <see cref="LoraTextTransformer.Quantization"/> says what that costs.
    /// </summary>
    /// <typeparam name="TLast">Type of the last transformer.</typeparam>
    /// <param name="model">The fitted pipeline, which stays as it is. The other transformers are shared with it.</param>
    /// <param name="validationData">Rows as the pipeline takes them, which it was not trained on.</param>
    /// <exception cref="InvalidOperationException">The pipeline has no text model, or it scores in 8-bit integers already.</exception>
    /// <exception cref="ArgumentException">There are no rows, or a label column is of another type than the model's task has.</exception>
    public static TransformerChain<TLast> Quantize<TLast>(this TransformerChain<TLast> model, IDataView validationData)
        where TLast : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(validationData);
        ITransformer[] parts = [.. model];
        var place = Array.FindIndex(parts, part => part is LoraTextTransformer);
        if (place < 0)
        {
            throw new InvalidOperationException(
                $"The pipeline has no {nameof(LoraTextTransformer)} among its {parts.Length} transformers; quantize the one that holds it.");
        }

        var data = parts[..place].Aggregate(validationData, (view, part) => part.Transform(view));
        parts[place] = ((LoraTextTransformer)parts[place]).Quantize(data);
        return new TransformerChain<TLast>(parts);
    }
}
