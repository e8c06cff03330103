/** Reports to Tencent Cloud CKafka DataHub: {@link io.github.httpreport.ckafka.CkafkaProtocol}. */
@NullMarked
package io.github.httpreport.ckafka;

import org.jspecify.annotations.NullMarked;
